import type { Invocation } from './environment.ts';

const keptLines = 20_000;

/** What a function has written, with the platform's own lines around each invocation. */
export class FunctionLog {
  readonly #memoryMb: number;
  #lines: string[] = [];

  constructor(memoryMb: number) {
    this.#memoryMb = memoryMb;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  /** The last 4 KB, which a synchronous caller may ask for. */
  get tail(): string {
    return this.text.slice(-4096);
  }

  add(text: string): void {
    this.#lines.push(...text.split('\n').filter((line) => line !== ''));
    if (this.#lines.length > keptLines) this.#lines = this.#lines.slice(-keptLines / 2);
  }

  start({ id, target }: Invocation): void {
    this.add(`START RequestId: ${id} Version: ${target.version}`);
  }

  end({ id }: Invocation, durationMs: number, peakMemoryMb: number | null): void {
    this.add(`END RequestId: ${id}`);
    const used = peakMemoryMb === null ? '' : `\tMax Memory Used: ${peakMemoryMb} MB`;
    this.add(
      `REPORT RequestId: ${id}\tDuration: ${durationMs.toFixed(2)} ms\tMemory Size: ${this.#memoryMb} MB${used}`,
    );
  }
}
