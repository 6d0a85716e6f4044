import type { ClientPoint, Point, Reason, Usage } from '../curve/point.ts';
import { sumOfUsage } from '../curve/usage.ts';
import type { Verdict } from '../plan/verdict.ts';
import { getJson } from '../store/json.ts';
import { pointsPrefix } from '../store/key-layout.ts';
import { type Store, StoreError } from '../store/store.ts';
import { mapAtMost } from '../timing/at-most.ts';

/** What is kept of all stages of a sweep. */
export interface Kept {
  readonly points: readonly Point[];
  /** The newest that found anything; a probe that was cut off runs again. */
  readonly probe: Verdict | null;
  /** What all probes used; null where it is not known. */
  readonly probeUsage: Usage | null;
  /** Points that are there and can't be read. */
  readonly unreadable: number;
}

const readsAtOnce = 16;

export async function readKept(store: Store, sweepId: string): Promise<Kept> {
  const keys = await store.list(pointsPrefix(sweepId));
  const read = await mapAtMost(readsAtOnce, keys, async (key) => {
    try {
      return await getJson<StoredPoint | StoredProbe>(store, key);
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  });
  // A probe that was cut off is followed by another.
  const probes = read.filter((stored) => stored?.schema === 'paretoken.verdict.v1');
  const usages = probes.map(({ usage }) => usage ?? null);
  const newest = probes.findLast(({ probe }) => probe !== null) ?? probes.at(-1) ?? null;
  return {
    points: read.filter((stored) => stored?.schema === 'paretoken.point.v1').map(whole),
    probe: newest && { ...newest, usage: newest.usage ?? null },
    probeUsage: usages.length === 0 || usages.includes(null) ? null : sumOfUsage(usages.filter((one) => one !== null)),
    unreadable: read.filter((stored) => stored === null).length,
  };
}

type Later<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** A probe's verdict as it may have been stored, likewise. */
type StoredProbe = Later<Verdict, 'usage'>;

/** A point as it may have been stored before some of its fields were thought of. */
type StoredPoint = Omit<Later<Point, 'usage' | 'pass' | 'notebookPass' | 'notebook'>, 'client' | 'validity'> & {
  readonly client: Later<ClientPoint, 'workerWords'>;
  readonly validity: {
    readonly state: Point['validity']['state'];
    readonly reasons: readonly Later<Reason, 'cause'>[];
  };
};

function whole({ usage, client, validity, ...rest }: StoredPoint): Point {
  return {
    ...rest,
    pass: rest.pass ?? null,
    notebookPass: rest.notebookPass ?? null,
    notebook: null,
    usage: usage ?? null,
    client: { ...client, workerWords: client.workerWords ?? [] },
    validity: { ...validity, reasons: validity.reasons.map((reason) => ({ ...reason, cause: reason.cause ?? null })) },
  };
}
