import { Command, InvalidArgumentError } from 'commander';
import { smallServer } from '../mock/queue-model.ts';
import { systemClock } from '../timing/clock.ts';
import { RefusedError } from './exit.ts';

interface MockFlags {
  readonly port: number;
  readonly slots: number;
  readonly queueLimit?: number;
  readonly prefillBaseMs: number;
  readonly prefillPerTokenMs: number;
  readonly stepBaseMs: number;
  readonly stepPerSlotMs: number;
  readonly jitter: number;
  readonly seed: number;
}

export function mockCommand(): Command {
  return new Command('mock')
    .description('serve a mocked endpoint with a known curve on 127.0.0.1')
    .option('--port <n>', 'port; 0 takes a free one', number, 8000)
    .option('--slots <n>', 'answers at once; more wait in a queue', number, smallServer.slots)
    .option('--queue-limit <n>', 'answers that may wait; one more gets 429 (default: no limit)', number)
    .option('--prefill-base-ms <ms>', 'time to read a prompt: this and', number, smallServer.prefillBaseMs)
    .option('--prefill-per-token-ms <ms>', 'this for each of its words', number, smallServer.prefillPerTokenMs)
    .option('--step-base-ms <ms>', 'time to write a token: this and', number, smallServer.stepBaseMs)
    .option('--step-per-slot-ms <ms>', 'this for each answer in progress', number, smallServer.stepPerSlotMs)
    .option('--jitter <share>', 'standard deviation of each time, as a share of it', number, smallServer.jitter)
    .option('--seed <n>', 'of the jitter', number, 1)
    .addHelpText('after', help)
    .action(async (flags: MockFlags) => {
      const server = await start(flags);
      process.stdout.write(`Mocked endpoint at ${server.url} (model mock-1). Ctrl-C ends it.\n`);
      process.send?.({ url: server.url });
      const end = () => {
        if (process.connected) process.disconnect();
        void server.close();
      };
      process.once('SIGINT', end);
      process.once('SIGTERM', end);
      process.once('disconnect', end);
    });
}

const help = `
A word counts as a token. With B slots, L parallel requests, n output tokens, prefill P and step s(L) the mock's
throughput is min(L, B) × n ÷ (P + (n − 1) × s): it rises up to B, and beyond that only latency does.

Example:
  $ paretoken mock --slots 8 &
  $ paretoken run --url http://127.0.0.1:8000/v1 --model mock --levels 1,2,4,8,16 --measure 10s`;

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('give a number of 0 or more.');
  return value;
}

async function start({ port, seed, queueLimit, ...model }: MockFlags) {
  const { startMockServer } = await import('../mock/server.ts');
  try {
    return await startMockServer({
      port,
      seed,
      clock: systemClock(),
      model: { ...model, queueLimit: queueLimit ?? null },
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'EADDRINUSE')
      throw new RefusedError(`port ${port} is taken: choose another with --port, or 0 for a free one`, { cause });
    if (cause instanceof RangeError) throw new RefusedError(cause.message, { cause });
    throw cause;
  }
}
