import { Command, InvalidArgumentError, Option } from 'commander';
import { provisionedServer, type QueueModel, smallServer } from '../mock/queue-model.ts';
import { systemClock } from '../timing/clock.ts';
import { RefusedError } from './exit.ts';

interface MockFlags extends Partial<Omit<QueueModel, 'queueLimit' | 'scaling'>> {
  readonly port: number;
  readonly profile: keyof typeof profiles;
  readonly leastReplicas?: number;
  readonly coldStartMs: number;
  readonly idleMs: number;
  readonly queueLimit?: number;
  readonly templateTokens: number;
  readonly seed: number;
}

/** Servers by name; flags stand above them. */
const profiles = { small: smallServer, provisioned: provisionedServer } as const;

export function mockCommand(): Command {
  return new Command('mock')
    .description('serve a mocked endpoint with a known curve on 127.0.0.1')
    .option('--port <n>', 'port; 0 takes a free one', portNumber, 8000)
    .addOption(
      new Option('--profile <name>', 'server whose figures are taken where no flag says otherwise')
        .choices(Object.keys(profiles))
        .default('small'),
    )
    .option('--slots <n>', both('answers at once of a replica; more wait in a queue', 'slots'), number)
    .option('--replicas <n>', both('copies of the model', 'replicas'), number)
    .option('--least-replicas <n>', 'of those always there; 0: scales from zero (default: all of them)', number)
    .option('--cold-start-ms <ms>', 'until another replica is ready; 503 while there is none', number, 30_000)
    .option('--idle-ms <ms>', 'a replica idle for so long is gone', number, 300_000)
    .option('--queue-limit <n>', 'answers that may wait; one more gets 429 (default: no limit)', number)
    .option('--prefill-base-ms <ms>', both('time to read a prompt: this and', 'prefillBaseMs'), number)
    .option('--prefill-per-token-ms <ms>', both('this for each of its words', 'prefillPerTokenMs'), number)
    .option('--step-base-ms <ms>', both('time to write a token: this and', 'stepBaseMs'), number)
    .option('--step-per-slot-ms <ms>', both('this for each answer in progress', 'stepPerSlotMs'), number)
    .option('--jitter <share>', both('standard deviation of each time, as a share of it', 'jitter'), number)
    .option('--template-tokens <n>', 'tokens that a chat template adds to every prompt', number, 0)
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

/** A help text with what the profiles say. */
function both(help: string, name: keyof Omit<QueueModel, 'queueLimit' | 'scaling'>): string {
  const { small, provisioned } = profiles;
  return `${help} (small: ${small[name] ?? 1}, provisioned: ${provisioned[name] ?? 1})`;
}

const help = `
A word counts as a token. With B slots, L parallel requests, n output tokens, prefill P and step s(L) the mock's
throughput is min(L, B) × n ÷ (P + (n − 1) × s): it rises up to B, and beyond that only latency does. Replicas share
the queue, and their throughputs add up.

The profile provisioned is a serving endpoint of two replicas that takes in and writes about 8,000 tokens a second at
most, with 2,048 tokens in and 256 out.

Examples:
  $ paretoken mock --slots 8 &
  $ paretoken run --url http://127.0.0.1:8000/v1 --model mock --levels 1,2,4,8,16 --measure 10s
  $ paretoken mock --profile provisioned --least-replicas 0 &
  $ DATABRICKS_TOKEN=any paretoken probe --host http://127.0.0.1:8000 --endpoint mock`;

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('give a number of 0 or more.');
  return value;
}

function portNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('give a whole number from 0 to 65535.');
  return value;
}

async function start(flags: MockFlags) {
  const { port, seed, templateTokens } = flags;
  const { startMockServer } = await import('../mock/server.ts');
  try {
    return await startMockServer({ port, seed, templateTokens, clock: systemClock(), model: modelOf(flags) });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'EADDRINUSE')
      throw new RefusedError(`port ${port} is taken: choose another with --port, or 0 for a free one`, { cause });
    if (cause instanceof RangeError) throw new RefusedError(cause.message, { cause });
    throw cause;
  }
}

function modelOf({
  port,
  seed,
  templateTokens,
  profile,
  leastReplicas,
  coldStartMs,
  idleMs,
  queueLimit,
  ...own
}: MockFlags): QueueModel {
  const model = { ...profiles[profile], ...own, queueLimit: queueLimit ?? null };
  const scaling = leastReplicas === undefined ? null : { least: leastReplicas, coldStartMs, idleMs };
  return { ...model, scaling };
}
