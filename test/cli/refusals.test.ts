import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inEmptyFolder, paretoken } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const spec = `target:
  url: http://127.0.0.1:9/v1
workload: {inputTokens: 100, outputTokens: 10}
load: {levels: [1, 2]}
`;

/** What a user types, and what they are told; nothing may be sent or written. */
const refusals: readonly { why: string; file?: string; args: readonly string[]; says: readonly RegExp[] }[] = [
  { why: 'nothing to run', args: ['run'], says: [/nothing to run: name a file .*init.*--url/] },
  {
    why: 'a file that is not there',
    args: ['run', 'none.yaml'],
    says: [/there is no file none\.yaml.*init > none\.yaml/],
  },
  { why: 'a folder for a file', args: ['run', '.'], says: [/\. is a folder/] },
  {
    why: 'broken YAML, with line and column',
    file: 'load: [1\n',
    args: ['run', 'sweep.yaml'],
    says: [/this is no YAML.*line 2, column 1/],
  },
  {
    why: 'two faults at once',
    file: spec.replace('levels', 'level').replace('10}', 'x}'),
    args: ['run', 'sweep.yaml'],
    says: [
      /2 things are wrong/,
      /workload\.outputTokens must be a whole number, .*, not "x" \(line 3/,
      /load\.level is no key.*did you mean levels/,
    ],
  },
  {
    why: 'no level',
    file: spec,
    args: ['run', 'sweep.yaml', '--levels', ''],
    says: [/--levels.*at least one level, such as 1,2,4,8/],
  },
  {
    why: 'level 0',
    file: spec,
    args: ['run', 'sweep.yaml', '--levels', '0,1'],
    says: [/load\.levels\[0\] must be at least 1/],
  },
  {
    why: 'a level that is no number',
    file: spec,
    args: ['run', 'sweep.yaml', '--levels', '1,two'],
    says: [/load\.levels\[1\] must be a whole number, not "two"/],
  },
  {
    why: 'a budget below the least that it takes, with the arithmetic',
    file: spec,
    args: ['run', 'sweep.yaml', '--minutes', '1'],
    says: [/One thing forbids it:\n {2}budget\.minutes: 2 levels take 1m 12s at least .*less\. Raise budget\.minutes/],
  },
  {
    why: 'the plan of a sweep that would be refused',
    file: `${spec}budget: {requests: 2, inputTokens: 5}\n`,
    args: ['plan', 'sweep.yaml'],
    says: [/2 things forbid it:\n {2}budget\.requests: .* 3 \+ 3 = 6 requests.*\n {2}budget\.inputTokens/],
  },
  { why: 'a plan of nothing', args: ['plan'], says: [/nothing to plan: name a file/] },
  {
    why: 'a search without an SLO',
    file: spec.replace('levels: [1, 2]', 'search: {to: 8}'),
    args: ['plan', 'sweep.yaml'],
    says: [/load\.search needs bounds that a level can miss: give slo\.percentiles.* \(line 4/],
  },
  { why: 'a bad URL', args: ['run', '--url', 'localhost:8000'], says: [/target\.url must begin with http/] },
  {
    why: 'a key variable that is not set',
    args: ['run', '--url', 'http://127.0.0.1:9/v1', '--auth-env', 'PARETOKEN_NO_SUCH_KEY'],
    says: [/target\.auth\.env names PARETOKEN_NO_SUCH_KEY, which is not set: set it/],
  },
  {
    why: 'a key that only the cloud reads',
    file: spec.replace('url:', 'auth: {secret: llm/key}\n  url:'),
    args: ['run', 'sweep.yaml'],
    says: [/target\.auth\.secret names a key in Secrets Manager.*--auth-env LLM_KEY.*paretoken start/],
  },
  {
    why: 'a probe by a key that only the cloud reads',
    file: spec.replace('url:', 'auth: {parameter: /llm/key}\n  url:'),
    args: ['probe', 'sweep.yaml'],
    says: [/target\.auth\.parameter names a key in Parameter Store.*paretoken probe --auth-env LLM_KEY/],
  },
  { why: 'an id that is none', file: spec, args: ['run', 'sweep.yaml', '--id', 'a/b'], says: [/"a\/b" is no id/] },
  {
    why: 'an unknown flag names the nearest',
    args: ['run', '--level', '1'],
    says: [/unknown option '--level'.*[\s\S]*--levels/],
  },
  { why: 'a resume of nothing', args: ['run', '--resume', '.'], says: [/there is no sweep in \./] },
  {
    why: 'a resume with a file behind it',
    args: ['run', '--resume', '.', 'sweep.yaml'],
    says: [/after --resume come a results folder and the id of a sweep, not sweep\.yaml: a file goes before it/],
  },
  {
    why: 'a resume with another load',
    args: ['run', '--resume', '--levels', '1'],
    says: [/goes on with what it began with: leave the flag of load\.levels out/],
  },
  { why: 'a probe of nothing', args: ['probe'], says: [/nothing to probe: name a file .*init.*--url/] },
  {
    why: 'a probe by a key variable that is not set',
    args: ['probe', '--url', 'http://127.0.0.1:9/v1', '--auth-env', 'PARETOKEN_NO_SUCH_KEY'],
    says: [/PARETOKEN_NO_SUCH_KEY, which is not set: set it .*paretoken probe/],
  },
  {
    why: 'a probe with a fault in its file',
    file: spec.replace('100', 'many'),
    args: ['probe', 'sweep.yaml'],
    says: [/workload\.inputTokens must be a whole number, .*, not "many" \(line 3/],
  },
  {
    why: 'a probe with a flag of the load, which it has none of',
    args: ['probe', '--url', 'http://127.0.0.1:9/v1', '--levels', '1'],
    says: [/unknown option '--levels'/],
  },
  {
    why: 'a self-test of no streams',
    args: ['selftest', '--streams', '0'],
    says: [/--streams.*whole number from 1 to 512/],
  },
  { why: 'a self-test of half a second', args: ['selftest', '--seconds', '0.5'], says: [/--seconds.*from 1 to 60/] },
  {
    why: 'a preset that there is none of',
    args: ['presets', 'chatt'],
    says: [/there is no preset chatt: there are chat, rag, summarise, code/],
  },
  {
    why: 'a preset that there is none of, by a flag',
    args: ['run', '--preset', 'chatt', '--url', 'http://127.0.0.1:9/v1'],
    says: [/preset must be one of chat, rag, summarise, code/],
  },
  { why: 'an unknown command', args: ['rum'], says: [/unknown command 'rum'[\s\S]*run/] },
  {
    why: 'help on an unknown command names the nearest',
    args: ['help', 'rum'],
    says: [/unknown command 'rum'[\s\S]*Did you mean run/],
  },
  { why: 'a file for init, which prints', args: ['init', 'x.yaml'], says: [/init prints.*paretoken init > x\.yaml/] },
  {
    why: 'a report of what is neither a folder nor a sweep here',
    args: ['report', 'nowhere'],
    says: [/there is no folder nowhere here and no sweep of that id in results; in the cloud it can't be looked for/],
  },
  { why: 'a port that there is none of', args: ['mock', '--port', '99999'], says: [/--port.*from 0 to 65535/] },
  { why: 'a report of nothing', args: ['report', '.'], says: [/there is no sweep in \./] },
  {
    why: 'a mock on an impossible port',
    args: ['mock', '--slots', '0'],
    says: [/slots must be a whole number from 1/],
  },
];

describe('bad input: exit 2, what is wrong and what to do, nothing written', () => {
  for (const { why, file, args, says } of refusals) {
    test(why, () =>
      inEmptyFolder(async (cwd) => {
        if (file !== undefined) await writeFile(join(cwd, 'sweep.yaml'), file);
        const { code, stdout, stderr } = await paretokenHere(args, { cwd });
        assert.equal(code, 2, stderr);
        for (const pattern of says) assert.match(stderr, pattern);
        assert.equal(stdout, '');
        assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
        assert.deepEqual(await readdir(cwd), file === undefined ? [] : ['sweep.yaml']);
      }),
    );
  }
});

describe('help', () => {
  for (const command of ['run', 'plan', 'probe', 'demo', 'init', 'report', 'mock', 'selftest', 'schema']) {
    test(`${command} --help has an example`, () =>
      inEmptyFolder(async (cwd) => {
        const { code, stdout } = await paretokenHere([command, '--help'], { cwd });
        assert.equal(code, 0);
        assert.match(stdout, new RegExp(`\\$ .*paretoken ${command}`));
      }));
  }
  test('what init prints is a spec that parses and names every key of the schema', () =>
    inEmptyFolder(async (cwd) => {
      const { stdout } = await paretokenHere(['init'], { cwd });
      const { parseSpec } = await import('../../lib/spec/parse.ts');
      const whole = parseSpec(stdout.replaceAll(/^( *)# (?= *[\w-]+:)/gm, '$1'));
      assert.deepEqual(whole.load.levels, [1, 2, 4, 8, 16, 32]);
      assert.deepEqual(whole.target.auth, { env: 'OPENAI_API_KEY', header: 'authorization' });
      assert.equal(whole.deadlines.total, 300_000);
    }));
  test('presets lists them, and what it prints of one can be run', () =>
    inEmptyFolder(async (cwd) => {
      const listed = await paretokenHere(['presets'], { cwd });
      assert.match(listed.stdout, /^chat +Conversation.*\nrag .*\nsummarise .*\ncode .*\ndatabricks-notebook .*\n$/);
      const { stdout } = await paretokenHere(['presets', 'chat'], { cwd });
      const { parseSpec } = await import('../../lib/spec/parse.ts');
      assert.equal(parseSpec(stdout).name, 'chat');
    }));
  test('schema prints the JSON Schema', () =>
    inEmptyFolder(async (cwd) => {
      const { stdout } = await paretokenHere(['schema'], { cwd });
      const schema = JSON.parse(stdout) as { $schema: string; required: string[] };
      assert.match(schema.$schema, /2020-12/);
      assert.deepEqual(schema.required, ['target'], 'a preset says the rest');
    }));
});

describe('a process of its own shows the same: code and words, each on its stream', () => {
  const cases: readonly { why: string; file?: string; args: readonly string[]; code: number }[] = [
    { why: 'help', args: ['run', '--help'], code: 0 },
    { why: 'a file on stdout', args: ['init'], code: 0 },
    { why: 'a plan', file: spec, args: ['plan', 'sweep.yaml'], code: 0 },
    { why: 'a fault of the flags', args: ['run', '--level', '1'], code: 2 },
    { why: 'a fault of the file', file: 'load: [1\n', args: ['run', 'sweep.yaml'], code: 2 },
    { why: 'a refusal', args: ['run'], code: 2 },
  ];
  for (const { why, file, args, code } of cases) {
    test(why, () =>
      inEmptyFolder(async (cwd) => {
        if (file !== undefined) await writeFile(join(cwd, 'sweep.yaml'), file);
        const shown = await paretoken(args, { cwd });
        assert.equal(shown.code, code);
        assert.deepEqual(shown, await paretokenHere(args, { cwd }));
      }),
    );
  }
});
