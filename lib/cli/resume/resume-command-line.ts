/** The command that goes on with a sweep, to be typed into a shell. */
export function resumeCommandLine(folder: string, sweepId: string): string {
  return `paretoken run --resume ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`} ${sweepId}`;
}
