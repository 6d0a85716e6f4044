import { type GuidanceGroup, guidanceOf, suspectNote } from './guidance/guidance.ts';
import type { Report } from './report.ts';

/** What the figures mean, in the part that is told where there is little room: of several cells the first's. */
export function guidanceBlocks(report: Report): string[] {
  const groups = guidanceOf(report);
  if (groups.length === 0) return [];
  const [first, ...others] = groups.filter(({ lengths }) => !lengths);
  const told = [...groups.filter(({ lengths }) => lengths), ...(first === undefined ? [] : [first])];
  return [
    '## What the figures mean',
    ...told.flatMap(groupBlocks),
    ...(others.length === 0 ? [] : ['Of the other lengths report.html tells the same.']),
  ];
}

function groupBlocks(group: GuidanceGroup): string[] {
  const items = group.items.filter(({ short }) => short).map(({ title, text }) => `- **${title}.** ${text}`);
  const note = suspectNote(group);
  return [
    ...(group.heading === null ? [] : [`**${group.heading}**`]),
    items.join('\n'),
    ...(note === null ? [] : [note]),
  ];
}
