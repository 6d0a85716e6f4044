import { type Box, crosses, distanceTo, holds, overlap, type Segment } from './boxes.ts';

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

/** Where a label goes: at which end of its text the place is, and its leader line if it has one. */
export interface Placement {
  readonly anchor: Anchor;
  readonly x: number;
  readonly y: number;
  readonly align: 'start' | 'middle' | 'end';
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
      const others = anchors.filter((other) => other !== anchor);
      const scene = { plane, others, blocked: [...points, ...taken], lines: [...plane.segments, ...leaders] };
      const best = bestPlace(anchor, scene);
      if (best === null) return [];
      taken.push(best.box);
      if (best.leader) leaders.push(best.leader);
      return [{ anchor, ...alignedTo(anchor, best.box), leader: best.leader }];
    });
}

/** The text is held at the end that is nearest to its point, so that a wrong guess of its width leaves no gap. */
function alignedTo(anchor: Anchor, { x1, y1, x2, y2 }: Box): Pick<Placement, 'x' | 'y' | 'align'> {
  const y = (y1 + y2) / 2;
  if (x2 <= anchor.x) return { x: x2, y, align: 'end' };
  if (x1 >= anchor.x) return { x: x1, y, align: 'start' };
  return { x: (x1 + x2) / 2, y, align: 'middle' };
}

interface Place {
  readonly box: Box;
  readonly leader: Segment | null;
  readonly cost: number;
}

interface Scene {
  readonly plane: Plane;
  readonly others: readonly Anchor[];
  readonly blocked: readonly Box[];
  readonly lines: readonly Segment[];
}

function bestPlace(anchor: Anchor, { plane, others, blocked, lines }: Scene): Place | null {
  const reaches = anchor.must ? [3, 9, 18, 30, 46, 70, 100] : [3, 9, 18];
  let best: Place | null = null;
  for (const reach of reaches) {
    for (let step = 0; step < directions; step++) {
      const place = placeAt(anchor, plane, reach, (2 * Math.PI * step) / directions);
      if (!within(place.box, plane) || blocked.some((box) => overlap(box, place.box))) continue;
      const leads = leaderCrossings(place.leader, anchor, blocked);
      if (leads > 0 && !anchor.must) continue;
      const crossings = lines.filter((line) => crosses(line, place.box)).length;
      const cost = place.cost + crossingCost * (crossings + leads) + doubt(place.box, anchor, others);
      if (best === null || cost < best.cost) best = { ...place, cost };
    }
    if (best !== null && best.cost < reach + crossingCost) break;
  }
  return best;
}

/** How many other points and labels a leader line runs over. */
function leaderCrossings(leader: Segment | null, anchor: Anchor, blocked: readonly Box[]): number {
  if (leader === null) return 0;
  return blocked.filter((box) => crosses(leader, box) && !holds(box, anchor)).length;
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
  const shift = Math.abs(sin) > 0.7 ? inwards(middle.x, half.width, plane) : 0;
  const box = {
    x1: middle.x + shift - half.width,
    y1: middle.y - half.height,
    x2: middle.x + shift + half.width,
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
  const slid = Math.min(1, Math.abs(shift) / half.width);
  return { box, leader, cost: reach + away * 6 + slid * 4 };
}

/** How far a label above or below its point slides back into the plane; it still reaches over the point. */
function inwards(middle: number, halfWidth: number, { left, width }: Plane): number {
  const [least, most] = [left + halfWidth, left + width - halfWidth];
  const shift = Math.max(least - middle, Math.min(0, most - middle));
  return Math.abs(shift) <= halfWidth * 1.6 ? shift : 0;
}

/** -1, 0 or 1 with a soft middle, so that labels above and below a point are centred on it. */
function towards(component: number): number {
  return Math.abs(component) < 0.2 ? 0 : Math.max(-1, Math.min(1, component * 1.5));
}

function within(box: Box, { left, top, width, height }: Plane): boolean {
  return box.x1 >= left && box.y1 >= top && box.x2 <= left + width && box.y2 <= top + height;
}

/** The cost of a label that could as well belong to another point: one as near to it as its own. */
function doubt(box: Box, anchor: Anchor, others: readonly Anchor[]): number {
  const own = distanceTo(box, anchor);
  return others.some((other) => distanceTo(box, other) < own + 5) ? 6 : 0;
}
