// The timeline as numbers: days on a true axis to pixels, labels kept off one another. No words, no colours, no page.

export interface Axis {
  /** First and last day shown, counted from the origin. */
  from: number;
  to: number;
  /** Pixels of the drawing between them. */
  left: number;
  right: number;
}

const DAY = 86_400_000;

/** Whole days from one civil date to another; a change of clocks is no day more or less. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / DAY);
}

export function dayOn(origin: string, days: number): string {
  return new Date(Date.parse(`${origin.slice(0, 10)}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Pixel of the middle of a day. */
export function x(axis: Axis, day: number): number {
  const all = axis.to - axis.from + 1;
  return axis.left + ((day - axis.from + 0.5) / all) * (axis.right - axis.left);
}

/** Left edge and width of a span of whole days, never thinner than it can be seen. */
export function bar(axis: Axis, from: number, to: number, least = 6): { x: number; width: number } {
  const day = (axis.right - axis.left) / (axis.to - axis.from + 1);
  const start = x(axis, from) - day / 2;
  const width = (to - from + 1) * day;
  return width >= least ? { x: start, width } : { x: start - (least - width) / 2, width: least };
}

const STEPS = [1, 2, 7, 14, 28, 56, 91, 182, 365];

/** Days to mark on the axis: few enough to be read, on multiples of weeks, and always day 0 where it is in sight. */
export function ticks(axis: Axis, apart = 64): number[] {
  const fits = (axis.right - axis.left) / apart;
  const step = STEPS.find((days) => (axis.to - axis.from) / days <= fits) ?? 730;
  const first = Math.ceil(axis.from / step) * step;
  const all: number[] = [];
  for (let day = first; day <= axis.to; day += step) all.push(day === 0 ? 0 : day);
  return all;
}

/** Roughly how wide a text is at 12 px: a Chinese sign is a square, a Latin letter about half of one. */
export function widthOf(text: string, size = 12): number {
  let width = 0;
  for (const sign of text) width += (sign.codePointAt(0) ?? 0) > 0x2e7f ? size : size * 0.56;
  return width;
}

export interface Label {
  at: number;
  text: string;
}
export interface Placed extends Label {
  /** Row of labels, from the drawing outwards; none: there was no room, the table says it. */
  row: number | null;
  /** Where the text begins. */
  start: number;
}

/** Puts labels side by side in so many rows, each near its place and inside the drawing. */
export function place(labels: readonly Label[], left: number, right: number, rows: number, size = 12): Placed[] {
  const ends = Array.from({ length: rows }, () => Number.NEGATIVE_INFINITY);
  return labels.map((label) => {
    const width = widthOf(label.text, size);
    const start = Math.max(left, Math.min(label.at - width / 2, right - width));
    const row = ends.findIndex((end) => start >= end + 8);
    if (row >= 0) ends[row] = start + width;
    return { ...label, row: row < 0 ? null : row, start };
  });
}
