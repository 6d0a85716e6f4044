import { availableParallelism } from 'node:os';
import { paintFor } from '../../lib/cli/paint.ts';
import { accuracyVerdict } from '../../lib/cli/selftest/accuracy-verdict.ts';
import { mockStepMs, selftest } from '../../lib/cli/selftest/selftest.ts';
import { selftestText, verdictSentence } from '../../lib/cli/selftest/selftest-text.ts';

// How exact a worker is from few streams to many: the very code of `paretoken selftest` at more counts, a verdict a
// count. At the highest counts the mock itself may fall behind, and the verdict says so.
// Usage: node test/bench/accuracy.ts [seconds per count] [counts, such as 1,8,64]

const seconds = Number(process.argv[2] ?? 5);
const counts = (process.argv[3] ?? '1,2,4,8,16,32,64,128,256,512').split(',').map(Number);
const cores = availableParallelism();

const measured = await selftest({
  counts,
  secondsPerCount: seconds,
  stop: new AbortController().signal,
  onStage: ({ level }) => void process.stderr.write(`${level} …\n`),
  onMeasured: () => undefined,
});

const { stdout } = process;
const verdict = accuracyVerdict({ accuracies: measured, cores, mockStepMs });
stdout.write(selftestText(measured, verdict, { width: stdout.columns ?? 120, paint: paintFor(stdout) }));
stdout.write('\n');
for (const accuracy of measured) {
  const alone = accuracyVerdict({ accuracies: [accuracy], cores, mockStepMs });
  if (alone === null) continue;
  const doubts = alone.doubts.map(({ name }) => name);
  stdout.write(`${verdictSentence(alone)}${doubts.length === 0 ? '' : ` (${doubts.join(', ')})`}\n`);
}
