import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientResult, ClientTask } from './worker-client.ts';

// How far the worker's stamps are from the moment at which the server wrote, and what they cost; beside the plain way
// of writing a client, in the same run, interleaved. Usage: node test/bench/worker.ts [seconds per level]

const seconds = Number(process.argv[2] ?? 4);
const rate = 50;
const levels = [1, 16, 64, 256, 512, 1024];
const canPin = availableParallelism() > 1 && tryPin();

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

function quantile(sorted: Float64Array, p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

const ms = (us: number) => (us / 1000).toFixed(3).padStart(8);

function row(name: string, streams: number, result: ClientResult): string {
  const errors = Float64Array.from(result.errorsUs).sort();
  const firsts = Float64Array.from(result.firstErrorsUs).sort();
  return [
    name.padEnd(14),
    String(streams).padStart(5),
    ...[0.5, 0.99, 0.999].map((p) => ms(quantile(errors, p))),
    ms(errors[0] ?? Number.NaN),
    ms(quantile(firsts, 0.99)),
    ((result.cpuMs * 1000) / result.tokens).toFixed(1).padStart(8),
    (result.rssGrowthKb / streams).toFixed(0).padStart(8),
    `${(result.utilisation * 100).toFixed(0)} %`.padStart(6),
  ].join(' ');
}

const server = start('stamp-server.ts', 0);
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const folder = mkdtempSync(join(tmpdir(), 'paretoken-bench-'));
const print = (line: string) => process.stdout.write(`${line}\n`);

print(canPin ? 'server on core 0, client on core 1' : 'cores could not be chosen');
print(
  `paced: ${rate} tokens/s a stream, ${seconds} s; errors in ms (stamp less server's write), CPU in µs a token, memory in kB a stream`,
);
print('client         streams    p50      p99     p99.9      min   TTFT p99   CPU      kB    loop');
const tokens = Math.round((seconds * rate) / 2);
for (const streams of levels) {
  const url = `http://127.0.0.1:${port}/paced?tokens=${tokens}&rate=${rate}`;
  const common = { url, streams, answers: 2 };
  print(row('paretoken', streams, await measure({ ...common, client: 'ours', folder: null })));
  print(row('  + recording', streams, await measure({ ...common, client: 'ours', folder })));
  print(row('fetch + parser', streams, await measure({ ...common, client: 'plain', folder: null })));
}

print('\nflood: 8 streams as fast as they come');
for (const client of ['ours', 'plain', 'ours', 'plain'] as const) {
  const url = `http://127.0.0.1:${port}/flood?tokens=50000`;
  const {
    tokens: count,
    cpuMs,
    wallMs,
  } = await measure({ client, url, streams: 8, answers: 2, folder: client === 'ours' ? folder : null });
  print(
    `${client.padEnd(6)} ${Math.round(count / (cpuMs / 1000))
      .toLocaleString('en')
      .padStart(10)} tokens a second of CPU, ${Math.round(count / (wallMs / 1000))
      .toLocaleString('en')
      .padStart(10)} a second`,
  );
}
server.disconnect();
rmSync(folder, { recursive: true, force: true });
