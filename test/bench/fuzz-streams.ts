import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { assertSound, mangledStream } from '../target/mangled-streams.ts';

/** Mangles streams for so many seconds (60 by default): `node test/bench/fuzz-streams.ts 600 [seed]`. */

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? randomInt(2 ** 31));
if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error('usage: fuzz-streams.ts [seconds] [seed]');

process.stdout.write(`seed ${seed}, ${seconds} s\n`);
let streams = 0;
fc.assert(
  fc.property(mangledStream, (stream) => {
    streams += 1;
    assertSound(stream);
  }),
  { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false },
);
process.stdout.write(`${streams.toLocaleString('en')} streams, every answer sound\n`);
