import { environmentVariable } from '../environment.ts';

/** Whether a stream can show lines that change: a terminal that a person may look at. */
export function isLiving(stream: NodeJS.WriteStream): boolean {
  const ci = environmentVariable('CI');
  const isCi = ci !== null && ci !== 'false' && ci !== '0';
  return stream.isTTY === true && !isCi && environmentVariable('TERM') !== 'dumb';
}
