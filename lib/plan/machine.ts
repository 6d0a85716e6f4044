/** Where a worker runs. */
export interface Machine {
  /** Version of Node. */
  readonly node: string;
  /** Operating system and processor, such as `linux x64`. */
  readonly platform: string;
  /** Cores that the process may use. */
  readonly cpus: number;
  /** The AWS region; null on a laptop. */
  readonly region: string | null;
}
