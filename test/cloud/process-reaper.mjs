// Reads `+PID` and `-PID`, a line each; when the input ends, for whatever reason, kills the groups that are left. Also
// stopped processes die so, which can't notice by themselves that whoever started them is gone.
import { createInterface } from 'node:readline';

const left = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) left.add(pid);
  else left.delete(pid);
}
for (const pid of left) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}
