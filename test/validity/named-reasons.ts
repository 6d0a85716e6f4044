import { parseHTML } from 'linkedom';
import type { Report } from '../../lib/report/report.ts';
import { reportKey } from '../../lib/store/key-layout.ts';

/** Each reason that a reader finds in one form of a report, with the worst state under which it stands there. */
export type Named = Readonly<Record<string, string>>;

/** The reasons that the three forms of a report name. */
export function namedReasons(textOf: (key: string) => string, sweepId: string) {
  return {
    json: inJson(JSON.parse(textOf(reportKey(sweepId, 'report.json'))) as Report),
    page: inPage(textOf(reportKey(sweepId, 'report.html'))),
    markdown: inMarkdown(textOf(reportKey(sweepId, 'report.md'))),
  };
}

function inJson({ points }: Report): Named {
  const reasons = points.flatMap(({ validity }) => validity.reasons).toSorted((a, b) => (a.state < b.state ? -1 : 1));
  return Object.fromEntries(reasons.map(({ name, state }) => [name, state]));
}

/** The list of all checks names every reason, found or not: what was found stands in blocks of its own. */
function inPage(html: string): Named {
  const section = /<section[^>]*id="validity".*?<\/section>/s.exec(html)?.[0] ?? '';
  const findings = [...parseHTML(`<html><body>${section}</body></html>`).document.querySelectorAll('.finding')];
  return Object.fromEntries(
    findings.map((finding) => [
      finding.querySelector('h3 code')?.textContent ?? '',
      finding.classList.contains('void') ? 'void' : 'suspect',
    ]),
  );
}

function inMarkdown(markdown: string): Named {
  const found = markdown.matchAll(/^- \*\*[^*]+\*\* \(`(?<name>\w+)`, (?<state>\w+)\) at /gm);
  return Object.fromEntries([...found].map(({ groups }) => [groups?.['name'] ?? '', groups?.['state'] ?? '']));
}
