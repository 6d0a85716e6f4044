/** A point that wants a label, in pixels. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Lower is placed first; `must` labels may go far out on a leader line, others go unlabelled instead. */
  readonly rank: number;
  readonly must: boolean;
  /** Radius of the mark at the point. */
  readonly radius: number;
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Where a label goes: the box's middle left, and from where its leader line runs, if it has one. */
export interface Placement {
  readonly anchor: Anchor;
  readonly x: number;
  readonly y: number;
  readonly leader: Segment | null;
}

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly fontSize: number;
  /** Lines of the chart that labels should keep off. */
  readonly segments: readonly Segment[];
}

interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const directions = 16;
/** Below right is freest on a curve that rises and bends over; other directions cost a little more. */
const likedAngle = Math.PI / 4;
const crossingCost = 14;
const mostLabels = 60;

/**
 * Places labels around their points, greedily by rank: never on another label or point, off the lines if it can be,
 * as near as it can be. What finds no room is left out.
 */
export function placeLabels(anchors: readonly Anchor[], plane: Plane): readonly Placement[] {
  const points = anchors.map(({ x, y, radius }) => ({
    x1: x - radius,
    y1: y - radius,
    x2: x + radius,
    y2: y + radius,
  }));
  const taken: Box[] = [];
  const leaders: Segment[] = [];
  return anchors
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, mostLabels)
    .flatMap((anchor) => {
      const best = bestPlace(anchor, plane, [...points, ...taken], [...plane.segments, ...leaders]);
      if (best === null) return [];
      taken.push(best.box);
      if (best.leader) leaders.push(best.leader);
      return [{ anchor, x: best.box.x1, y: (best.box.y1 + best.box.y2) / 2, leader: best.leader }];
    });
}

interface Place {
  readonly box: Box;
  readonly leader: Segment | null;
  readonly cost: number;
}

function bestPlace(anchor: Anchor, plane: Plane, blocked: readonly Box[], lines: readonly Segment[]): Place | null {
  const reaches = anchor.must ? [3, 9, 18, 30, 46, 70, 100] : [3, 9, 18];
  let best: Place | null = null;
  for (const reach of reaches) {
    for (let step = 0; step < directions; step++) {
      const place = placeAt(anchor, plane, reach, (2 * Math.PI * step) / directions);
      if (!within(place.box, plane) || blocked.some((box) => overlap(box, place.box))) continue;
      const { leader } = place;
      if (leader !== null && blocked.some((box) => crosses(leader, box) && !holds(box, anchor))) continue;
      const cost = place.cost + crossingCost * lines.filter((line) => crosses(line, place.box)).length;
      if (best === null || cost < best.cost) best = { ...place, cost };
    }
    if (best !== null && best.cost < reach + crossingCost) break;
  }
  return best;
}

/** Width that a text takes, without measuring it: 0.58 em a character is on the safe side for sans-serif faces. */
export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * 0.58;
}

function placeAt({ x, y, text, radius, must }: Anchor, plane: Plane, reach: number, angle: number): Place {
  const half = { width: (textWidth(text, plane.fontSize) * (must ? 1.1 : 1)) / 2 + 1, height: plane.fontSize * 0.56 };
  const distance = radius + reach;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const middle = {
    x: x + cos * distance + towards(cos) * half.width,
    y: y + sin * distance + towards(sin) * half.height,
  };
  const box = {
    x1: middle.x - half.width,
    y1: middle.y - half.height,
    x2: middle.x + half.width,
    y2: middle.y + half.height,
  };
  const away = Math.abs(Math.atan2(Math.sin(angle - likedAngle), Math.cos(angle - likedAngle))) / Math.PI;
  const leader =
    reach > 9
      ? {
          x1: x + cos * radius,
          y1: y + sin * radius,
          x2: x + cos * (distance - 2),
          y2: y + sin * (distance - 2),
        }
      : null;
  return { box, leader, cost: reach + away * 6 };
}

/** -1, 0 or 1 with a soft middle, so that labels above and below a point are centred on it. */
function towards(component: number): number {
  return Math.abs(component) < 0.2 ? 0 : Math.max(-1, Math.min(1, component * 1.5));
}

function within(box: Box, { left, top, width, height }: Plane): boolean {
  return box.x1 >= left && box.y1 >= top && box.x2 <= left + width && box.y2 <= top + height;
}

function overlap(a: Box, b: Box): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
}

function holds(box: Box, { x, y }: Anchor): boolean {
  return x >= box.x1 && x <= box.x2 && y >= box.y1 && y <= box.y2;
}

/** Whether a segment touches a box (Liang–Barsky). */
function crosses({ x1, y1, x2, y2 }: Segment, box: Box): boolean {
  const [dx, dy] = [x2 - x1, y2 - y1];
  let [enter, leave] = [0, 1];
  const edges = [
    [-dx, x1 - box.x1],
    [dx, box.x2 - x1],
    [-dy, y1 - box.y1],
    [dy, box.y2 - y1],
  ] as const;
  for (const [p, q] of edges) {
    if (p === 0 && q < 0) return false;
    if (p < 0) enter = Math.max(enter, q / p);
    if (p > 0) leave = Math.min(leave, q / p);
  }
  return enter <= leave;
}
