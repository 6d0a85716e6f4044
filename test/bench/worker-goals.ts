import { median, type Round } from './worker-rounds.ts';

/**
 * What the worker is to reach, each with what it reached and what reading alone, without a client, comes to on the same
 * machine in the same run: a goal below that floor is out of anyone's reach here.
 */
export function goals(measured: ReadonlyMap<string, readonly Round[]>, flood: number): string[] {
  const of = (name: string, streams: number, key: keyof Round) => {
    const rounds = measured.get(`${name} ${streams}`);
    return rounds === undefined ? null : median(rounds.map((round) => round[key]));
  };
  const lines = ['\ngoal                                          reached    bare reads'];
  const tell = (what: string, reached: number | null, most: number, floor: number | null) => {
    if (reached === null) return;
    const verdict = reached <= most ? 'yes' : floor !== null && floor > most ? 'no, below the floor' : 'no';
    lines.push(
      `${what.padEnd(42)} ${reached.toFixed(2).padStart(10)} ${(floor === null ? '' : floor.toFixed(2)).padStart(13)}   ${verdict}`,
    );
  };
  const ratio = (name: string, streams: number, key: keyof Round) => {
    const [one, reference] = [of(name, streams, key), of('fetch + parser', streams, key)];
    return one === null || reference === null ? null : one / reference;
  };
  tell('error p99 ≤ 1 ms at 64 streams', of('paretoken', 64, 'p99'), 1, of('bare reads', 64, 'p99'));
  tell('error p99 ≤ 5 ms at 256', of('paretoken', 256, 'p99'), 5, of('bare reads', 256, 'p99'));
  tell('TTFT error p99 ≤ 1 ms at 64', of('paretoken', 64, 'ttftP99'), 1, of('bare reads', 64, 'ttftP99'));
  for (const streams of [256, 512]) {
    const floor = ratio('bare reads', streams, 'cpu');
    tell(`CPU a token ≤ 0.5 × fetch + parser at ${streams}`, ratio('paretoken', streams, 'cpu'), 0.5, floor);
  }
  tell('flood ≥ 2 × fetch + parser (here inverse)', 1 / flood, 0.5, null);
  tell('memory ≤ 100 kB a stream at 512', of('paretoken', 512, 'memory'), 100, of('bare reads', 512, 'memory'));
  const [plain, recording] = [of('paretoken', 64, 'p99'), of('  + recording', 64, 'p99')];
  tell('recording: p99 ≤ 1.2 × at 64', plain && recording && recording / plain, 1.2, null);
  const least = [...measured]
    .filter(([name]) => !name.startsWith('bare'))
    .flatMap(([, rounds]) => rounds.map((round) => round.least));
  tell('never a negative error (here negated)', -Math.min(...least), 0, null);
  return lines;
}
