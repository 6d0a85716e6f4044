/** Something that is to happen at a virtual time. */
export interface Appointment {
  readonly atUs: number;
  readonly fire: () => void;
}

interface Entry extends Appointment {
  readonly order: number;
  open: boolean;
}

export interface Appointments {
  /** The answer cancels it. */
  add(atUs: number, fire: () => void): () => void;
  /** The earliest, of equal times the first added, if it is not after `lastUs`. */
  take(lastUs: number): Appointment | null;
  size(): number;
}

const before = (a: Entry, b: Entry) => a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);

/** A binary heap ordered by time, then by insertion; cancelled entries are dropped when they reach the top. */
export function appointments(): Appointments {
  const heap: Entry[] = [];
  let order = 0;
  let open = 0;
  const close = (entry: Entry) => {
    if (entry.open) open -= 1;
    entry.open = false;
  };
  return {
    add(atUs, fire) {
      const entry: Entry = { atUs, fire, order: order++, open: true };
      rise(heap, entry);
      open += 1;
      return () => close(entry);
    },
    take(lastUs) {
      for (let top = heap[0]; top; top = heap[0]) {
        if (top.open && top.atUs > lastUs) return null;
        removeTop(heap);
        if (!top.open) continue;
        close(top);
        return top;
      }
      return null;
    },
    size: () => open,
  };
}

function rise(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || before(parent, entry)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

function removeTop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const child = smaller(heap, left);
    if (!child || before(last, child)) break;
    heap[at] = child;
    at = heap[left] === child ? left : left + 1;
  }
  heap[at] = last;
}

function smaller(heap: readonly Entry[], left: number): Entry | undefined {
  const [a, b] = [heap[left], heap[left + 1]];
  return a && b && before(b, a) ? b : a;
}
