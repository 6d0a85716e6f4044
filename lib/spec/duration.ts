const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration as people write it: a number and one of ms, s, m, h. */
export const durationPattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;

/** Milliseconds of a text that matches `durationPattern`; null for any other. */
export function parseDurationMs(text: string): number | null {
  const match = durationPattern.exec(text.trim());
  if (!match) return null;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** The same to the microsecond, for bounds on what is measured: `12.5ms` must not become 13. */
export function parseBoundMs(text: string): number | null {
  const match = durationPattern.exec(text.trim());
  if (!match) return null;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] * 1000) / 1000;
}

/** A duration as people read it: `850ms`, `8s`, `1m 30s`, `2h 5m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))}s`;
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m ${seconds % 60}s`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
