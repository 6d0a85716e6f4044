import { styleText } from 'node:util';

/** Gives a text a format, or leaves it as it is where colour is not wanted. */
export type Paint = (format: 'bold' | 'dim' | 'yellow' | 'red', text: string) => string;

/** Colour for a terminal that has it, unless NO_COLOR says no. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const color = stream.isTTY === true && stream.hasColors();
  return (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
}
