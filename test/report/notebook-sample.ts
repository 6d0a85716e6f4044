import { notebookLevels, withNotebook } from '../../lib/curve/notebook-levels.ts';
import type { Point } from '../../lib/curve/point.ts';
import type { ParityPass } from '../../lib/plan/pass.ts';
import type { Report } from '../../lib/report/report.ts';
import { sampleReport } from './sample-report.ts';

const answers: Readonly<Record<ParityPass, number>> = { parity_1: 1, parity_half: 128, parity_full: 256 };

/** A report of a sweep in the passes of Databricks' notebook; of the last level the pass of whole answers failed. */
export function notebookReport(): Report {
  const report = sampleReport({ levels: [1, 2, 4, 8] });
  const notebook = notebookLevels(report.points.flatMap(passesOf));
  return {
    ...report,
    spec: { ...report.spec, load: { ...report.spec.load, notebook: { requestsPerStream: 5 } } },
    points: report.points.map((point): Point => ({ ...withNotebook(point, notebook), pass: 'streamed' })),
    notebook,
  };
}

function passesOf(point: Point): Point[] {
  const [ttftMs, tpotMs] = [point.ttftMs.p50 ?? 0, point.tpotMs.p50 ?? 0];
  return (Object.entries(answers) as [ParityPass, number][]).map(([pass, tokens]) => {
    const failed = pass === 'parity_full' && point.level === 8;
    const requests = 5 * point.level;
    return {
      ...point,
      pass,
      notebookPass: {
        pass,
        requests,
        ok: failed ? 0 : requests,
        medianMs: failed ? null : ttftMs * 0.9 + 12 + tpotMs * (tokens - 1),
        meanInputTokens: failed ? null : 2048,
        meanOutputTokens: failed ? null : tokens,
        messages: failed ? [{ outcome: 'http_error', message: 'only streams are served here', count: requests }] : [],
      },
    };
  });
}
