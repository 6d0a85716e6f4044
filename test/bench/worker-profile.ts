import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientResult, ClientTask } from './worker-client.ts';

// Where the worker's CPU goes while it reads paced streams, by whose code runs. Usage: node test/bench/worker-profile.ts [streams]

const streams = Number(process.argv[2] ?? 256);
const folder = mkdtempSync(join(tmpdir(), 'paretoken-profile-'));
const here = (file: string) => join(import.meta.dirname, file);

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string; url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function ownerOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string | null {
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'garbage collection';
  const room = /\/lib\/(\w+)\/[\w-]+\.ts$/.exec(url)?.[1];
  if (room !== undefined && !url.includes('node_modules')) return `paretoken, ${room}/`;
  if (url.includes('undici') || url.startsWith('wasm:')) return 'undici: HTTP';
  if (url.startsWith('node:')) return 'Node’s own JavaScript: sockets, timers, loading';
  return 'native code, system calls';
}

const server = fork(here('stamp-server.ts'));
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const flags = ['--expose-gc', '--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${folder}`];
const child = fork(here('worker-client.ts'), [], { execArgv: flags, serialization: 'advanced' });
for (const [core, { pid }] of [server, child].entries()) {
  try {
    execFileSync('taskset', ['-a', '-cp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    // Where cores can't be chosen, the system chooses.
  }
}
const url = `http://127.0.0.1:${port}/paced?tokens=200&rate=50`;
child.send({ client: 'ours', url, streams, answers: 4, folder: null } satisfies ClientTask);
const [result] = (await once(child, 'message')) as [ClientResult];
await once(child, 'exit');
server.disconnect();

const spentUs = new Map<string, number>();
for (const file of readdirSync(folder)) {
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const owner = frame === undefined ? null : ownerOf(frame);
    if (owner !== null) spentUs.set(owner, (spentUs.get(owner) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
}
rmSync(folder, { recursive: true, force: true });
const all = [...spentUs.values()].reduce((sum, us) => sum + us, 0);
process.stdout.write(
  `${streams} streams, ${((result.cpuMs * 1000) / result.tokens).toFixed(1)} µs of CPU a token; the whole process, its start included:\n`,
);
for (const [owner, us] of [...spentUs].sort(([, a], [, b]) => b - a)) {
  process.stdout.write(`${((100 * us) / all).toFixed(1).padStart(6)} %  ${owner}\n`);
}
