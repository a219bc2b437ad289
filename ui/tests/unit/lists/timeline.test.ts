import { expect, test } from 'vitest';
import { bar, dayOn, daysBetween, place, ticks, widthOf, x, type Axis } from '../../../src/figures/timeline/geometry';

const axis: Axis = { from: -28, to: 31, left: 100, right: 700 };

test.each([
  ['2026-03-01', '2026-03-29', 28],
  ['2026-03-28', '2026-03-30', 2],
  ['2026-10-24', '2026-10-26', 2],
  ['2024-02-28', '2024-03-01', 2],
  ['2026-01-01', '2025-12-31', -1],
])('from %s to %s are %i days, whatever the clocks do', (from, to, days) => {
  expect(daysBetween(from, to)).toBe(days);
  expect(dayOn(from, days)).toBe(to);
});

test('days are evenly apart and inside the drawing', () => {
  expect(x(axis, 1) - x(axis, 0)).toBeCloseTo(10);
  expect(x(axis, -28)).toBeCloseTo(105);
  expect(x(axis, 31)).toBeCloseTo(695);
  expect(bar(axis, 25, 31)).toEqual({ x: 630, width: 70 });
});

test('a single day is still seen on a long axis', () => {
  expect(bar({ from: 0, to: 5000, left: 0, right: 500 }, 10, 10, 6).width).toBe(6);
});

test('ticks stand on whole weeks and on day 0', () => {
  expect(ticks(axis)).toContain(0);
  for (const day of ticks(axis)) expect(Math.abs(day % 7)).toBe(0);
  expect(ticks({ ...axis, to: 730 }).length).toBeLessThanOrEqual(11);
});

test('labels never lie on one another; what has no room is left to the table', () => {
  const labels = [100, 110, 400, 405, 690].map((at, n) => ({ at, text: `Label number ${n}` }));
  const placed = place(labels, 100, 700, 2);
  for (const row of [0, 1]) {
    const there = placed.filter((label) => label.row === row);
    for (const [n, label] of there.entries()) {
      const next = there[n + 1];
      if (next) expect(label.start + widthOf(label.text)).toBeLessThanOrEqual(next.start);
      expect(label.start).toBeGreaterThanOrEqual(100);
      expect(label.start + widthOf(label.text)).toBeLessThanOrEqual(700);
    }
  }
  expect(place([...labels, ...labels].sort((a, b) => a.at - b.at), 100, 700, 1).some((l) => l.row === null)).toBe(true);
});
