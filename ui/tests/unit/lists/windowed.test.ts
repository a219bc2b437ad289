import { expect, test } from 'vitest';
import { bring, linesOf, spanOf } from '../../../src/components/windowed';

test.each([
  // rows, top, height, from, to
  [0, 0, 400, 0, 0],
  [3, 0, 400, 0, 3],
  [1000, 0, 440, 0, 22],
  [1000, 440, 440, 0, 32],
  [1000, 22_000, 440, 488, 522],
  [1000, 43_560, 440, 978, 1000],
  [1000, 99_999, 440, 987, 1000],
])('of %i rows at %i, only those about the sight are drawn', (count, top, height, from, to) => {
  const span = spanOf(count, 44, top, height);
  expect([span.from, span.to]).toEqual([from, to]);
  // Whatever is drawn, the list is as long as all of it.
  expect(span.above + span.below + (to - from) * 44).toBe(count * 44);
});

test('a row is brought into sight below the head, and not moved when it is there', () => {
  expect(bring(0, 44, 500, 440, 41)).toBe(0);
  expect(bring(20, 44, 600, 440, 41)).toBe(600);
  expect(bring(40, 44, 600, 440, 41)).toBe(41 * 44 - 440 + 41);
});

const TALL = [100, 20, 20, 60, 20, 300, 20, 20];

test.each([
  // top, height, beyond, least, keep, which lines
  [0, 100, 0, 0, [], [0]],
  [0, 101, 0, 0, [], [0, 1]],
  [130, 60, 0, 0, [], [2, 3]],
  [130, 60, 25, 0, [], [1, 2, 3, 4]],
  [130, 60, 0, 0, [6, 2], [2, 3, 6]],
  [130, 60, 0, 0, [0, 8, -1], [0, 2, 3]],
  [130, 60, 0, 4, [], [1, 2, 3, 4]],
  [0, 100, 0, 5, [], [0, 1, 2, 3, 4]],
  [545, 60, 0, 3, [], [5, 6, 7]],
  [0, 100, 0, 99, [], [0, 1, 2, 3, 4, 5, 6, 7]],
  [-900, 400, 100, 0, [], []],
  [9000, 400, 100, 0, [3], [3]],
])('at %i, %i high and %i beyond, at least %i, keeping %j: lines %j', (top, height, beyond, least, keep, which) => {
  const { lines, rest } = linesOf(TALL, top, height, { beyond, least, keep });
  expect(lines.map((line) => line.at)).toEqual(which);
  // Each stands where it would among all of them, and the list is as long as all of it.
  let y = 0;
  for (const line of lines) {
    y += line.gap;
    expect(line.y).toBe(y);
    expect(y).toBe(TALL.slice(0, line.at).reduce((sum, one) => sum + one, 0));
    y += TALL[line.at] ?? 0;
  }
  expect(y + rest).toBe(560);
});

test('of no lines none is drawn', () => {
  expect(linesOf([], 0, 400, { beyond: 100, least: 10, keep: [0] })).toEqual({ lines: [], rest: 0 });
});
