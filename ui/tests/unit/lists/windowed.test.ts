import { expect, test } from 'vitest';
import { bring, spanOf } from '../../../src/components/windowed';

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
