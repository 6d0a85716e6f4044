export const sweepIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** An id that sorts by time: `20261122T153001Z-` and the name, cut to what an id may hold. */
export function sweepIdOf(name: string, startedAtEpochMs: number): string {
  const time = new Date(startedAtEpochMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const slug = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug === '' ? time : `${time}-${slug}`;
}
