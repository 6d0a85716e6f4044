import { smallServer } from '../../lib/mock/queue-model.ts';
import { startMockServer } from '../../lib/mock/server.ts';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder } from '../cli/command-line.ts';
import {
  assertFinished,
  assertReadable,
  type Blow,
  beginSweep,
  pointsOf,
  reportOfCutOff,
  resumeSweep,
  type ShortSweep,
} from '../cli/resume/killed-sweep.ts';

// Kills sweeps with SIGKILL at random moments, stops some with Ctrl-C, and resumes them. Run by hand: node test/bench/kill.ts [kills] [seed]
const [, , kills = '50', seed = String(Date.now())] = process.argv;
const random = seededRandom('kill', seed);
/** About as long as the sweep takes, so that every part of it is hit. */
const longestMs = 6000;

const server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1 });
process.stdout.write(`${kills} kills, seed ${seed}\n`);
let done = 0;
for (let sweeps = 1; done < Number(kills); sweeps++) {
  done += await inEmptyFolder((cwd) => killedSweep({ cwd, url: server.url, levels: [1, 2] }, Number(kills) - done));
  process.stdout.write(`${done} kills, ${sweeps} sweeps: all resumed to their end\n`);
}
await server.close();

/** Runs a sweep through up to `most` kills to its end, and gives how many there were. */
async function killedSweep(sweep: ShortSweep, most: number): Promise<number> {
  const whole = [];
  let killed = 0;
  let ended = await beginSweep(sweep, blow());
  while (ended !== 'done') {
    killed += ended === 'killed' ? 1 : 0;
    await assertReadable(sweep);
    const { stdout } = await reportOfCutOff(sweep);
    const where = /cut off [^.]*|Stopped [^.]*/.exec(stdout.replaceAll(/\s+/g, ' '))?.[0];
    process.stdout.write(`  ${ended}: ${where ?? 'with nothing missing but the last report'}\n`);
    whole.push(...(await pointsOf(sweep)));
    ended = await resumeSweep(sweep, killed < most ? blow() : null);
  }
  await assertFinished(sweep, whole);
  return killed;
}

/** Every fourth is a Ctrl-C. */
function blow(): Blow {
  if (random() < 0.25) return { stopAt: `Level ${random() < 0.5 ? 1 : 2} (` };
  return { killAfterMs: 200 + Math.floor(longestMs * random()) };
}
