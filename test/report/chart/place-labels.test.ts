import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Box, overlap } from '../../../lib/report/chart/boxes.ts';
import {
  type Anchor,
  type Placement,
  type Plane,
  placeLabels,
  textWidth,
} from '../../../lib/report/chart/place-labels.ts';

const plane: Plane = { left: 40, top: 20, width: 640, height: 360, fontSize: 12, segments: [] };

function anchor(x: number, y: number, text: string, must = false): Anchor {
  return { x, y, text, must, rank: must ? 0 : 1, radius: 4 };
}

function boxOf({ x, y, align, anchor: { text, must } }: Placement): Box {
  const width = textWidth(text, plane.fontSize) * (must ? 1.1 : 1);
  const x1 = align === 'start' ? x : align === 'end' ? x - width : x - width / 2;
  return { x1, x2: x1 + width, y1: y - plane.fontSize / 2, y2: y + plane.fontSize / 2 };
}

const anyAnchors = fc.array(
  fc.record({
    x: fc.integer({ min: 50, max: 660 }),
    y: fc.integer({ min: 30, max: 370 }),
    level: fc.integer({ min: 1, max: 999 }),
  }),
  { maxLength: 40 },
);

test('no label touches another label or another point, and none leaves the plane', () => {
  fc.assert(
    fc.property(anyAnchors, (anchors) => {
      const placed = placeLabels(
        anchors.map(({ x, y, level }) => anchor(x, y, String(level))),
        plane,
      );
      const boxes = placed.map(boxOf);
      for (const [index, box] of boxes.entries()) {
        assert.ok(box.x1 >= plane.left - 1 && box.x2 <= plane.left + plane.width + 1);
        assert.ok(box.y1 >= plane.top - 1 && box.y2 <= plane.top + plane.height + 1);
        for (const other of boxes.slice(index + 1)) assert.ok(!overlap(box, other));
        for (const { x, y } of anchors) assert.ok(!overlap(box, { x1: x - 3, y1: y - 3, x2: x + 3, y2: y + 3 }));
      }
    }),
    { numRuns: 60 },
  );
});

test('a lone label lies close to its point', () => {
  const [placed] = placeLabels([anchor(300, 200, '8')], plane);
  assert.ok(placed);
  assert.ok(Math.hypot(placed.x - 300, placed.y - 200) < 20);
  assert.equal(placed.leader, null);
});

test('twenty levels on a curve that bends keep at least three labels of four', () => {
  const anchors = Array.from({ length: 20 }, (_, index) => {
    const level = (index + 1) * 4;
    return anchor(60 + level * 6, 350 - 300 * (1 - Math.exp(-level / 14)), String(level));
  });
  assert.ok(placeLabels(anchors, plane).length >= 15);
});

test('an answer is placed before others, on a leader line if there is no room beside its point', () => {
  const crowd = Array.from({ length: 25 }, (_, index) =>
    anchor(290 + (index % 5) * 10, 190 + Math.floor(index / 5) * 10, '88'),
  );
  const placed = placeLabels([...crowd, anchor(310, 210, '32 · balanced', true)], plane);
  const answer = placed.find(({ anchor: { must } }) => must);
  assert.ok(answer?.leader);
});

test('a long label at the right edge slides inwards over its point', () => {
  const [placed] = placeLabels([anchor(660, 200, '64 · high throughput', true)], plane);
  assert.ok(placed);
  const box = boxOf(placed);
  assert.ok(box.x2 <= 681 && box.x2 > 640);
});
