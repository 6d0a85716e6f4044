import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientResult, ClientTask } from './worker-client.ts';
import { goals } from './worker-goals.ts';
import { median, type Round, roundOf, rowOf } from './worker-rounds.ts';

// How far the worker's stamps are from the moment at which the server wrote, and what they cost; beside the plain way
// of writing a client and beside the least that Node can do, in the same run, interleaved.
// Usage: node test/bench/worker.ts [rounds] [levels, such as 64,256]

const rounds = Number(process.argv[2] ?? 3);
const levels = (process.argv[3] ?? '1,16,32,64,256,512,1024').split(',').map(Number);
const rate = 50;
const seconds = 2;
const canPin = availableParallelism() > 1 && tryPin();

const ways = [
  { name: 'paretoken', client: 'ours', records: false },
  { name: '  + recording', client: 'ours', records: true },
  { name: 'bare reads', client: 'bare', records: false },
  { name: 'fetch + parser', client: 'plain', records: false },
] as const;

function tryPin(): boolean {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function start(file: string, core: number): ChildProcess {
  const child = fork(join(import.meta.dirname, file), [], { execArgv: ['--expose-gc'], serialization: 'advanced' });
  if (canPin && child.pid !== undefined)
    execFileSync('taskset', ['-a', '-cp', String(core), String(child.pid)], { stdio: 'ignore' });
  return child;
}

async function measure(task: ClientTask): Promise<ClientResult> {
  const child = start('worker-client.ts', 1);
  child.send(task);
  const [result] = (await once(child, 'message')) as [ClientResult];
  return result;
}

/** Time that the machine's host took away, and all time, in ticks; 0 where the system does not say. */
function stolen(): { readonly taken: number; readonly all: number } {
  try {
    const ticks = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
    return { taken: ticks[7] ?? 0, all: ticks.reduce((sum, one) => sum + one, 0) };
  } catch {
    return { taken: 0, all: 0 };
  }
}

const server = start('stamp-server.ts', 0);
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const folder = mkdtempSync(join(tmpdir(), 'paretoken-bench-'));
const print = (line: string) => process.stdout.write(`${line}\n`);
const before = stolen();

print(canPin ? 'server on core 0, client on core 1' : 'cores could not be chosen');
print(
  `paced: ${rate} tokens/s a stream; median of ${rounds} rounds, of p99 the least and the most too; errors in ms (stamp less server's write), CPU in µs a token, memory in kB a stream`,
);
print('client         streams    p50                 p99     p99.9      min   TTFT p99   CPU      kB    loop');
const measured = new Map<string, Round[]>();
for (const streams of levels) {
  const url = `http://127.0.0.1:${port}/paced?tokens=${seconds * rate}&rate=${rate}`;
  for (let round = 0; round < rounds; round++) {
    for (const { name, client, records } of ways) {
      const result = await measure({ client, url, streams, answers: 2, folder: records ? folder : null });
      const key = `${name} ${streams}`;
      measured.set(key, [...(measured.get(key) ?? []), roundOf(result, streams)]);
    }
  }
  for (const { name } of ways) print(rowOf(name, streams, measured.get(`${name} ${streams}`) ?? []));
}

print('\nflood: 8 streams as fast as they come, tokens a second of CPU and of time');
const floods = new Map<string, number[]>();
for (let round = 0; round < rounds; round++) {
  for (const client of ['ours', 'plain'] as const) {
    const url = `http://127.0.0.1:${port}/flood?tokens=50000`;
    const records = client === 'ours' ? folder : null;
    const { tokens, cpuMs, wallMs } = await measure({ client, url, streams: 8, answers: 2, folder: records });
    const perSecond = (ms: number) => Math.round(tokens / (ms / 1000));
    floods.set(client, [...(floods.get(client) ?? []), perSecond(cpuMs)]);
    print(
      `${client.padEnd(6)} ${perSecond(cpuMs).toLocaleString('en').padStart(10)} ${perSecond(wallMs).toLocaleString('en').padStart(10)}`,
    );
  }
}

const after = stolen();
const share = after.all === before.all ? 0 : (after.taken - before.taken) / (after.all - before.all);
print(`\nthe host took ${(share * 100).toFixed(1)} % of the machine's time meanwhile`);
for (const line of goals(measured, median(floods.get('ours') ?? []) / median(floods.get('plain') ?? []))) print(line);
server.disconnect();
rmSync(folder, { recursive: true, force: true });
