// Which rows of a long list are drawn: those in sight and some beyond, whatever its length.

export interface Span {
  /** First row drawn. */
  from: number;
  /** One after the last. */
  to: number;
  /** Height before them, in pixels. */
  above: number;
  /** Height after them. */
  below: number;
}

/** Rows beyond what is in sight, so that a quick turn of the wheel finds them drawn. */
const BEYOND = 12;

export function spanOf(count: number, rowHeight: number, top: number, height: number): Span {
  const inSight = Math.max(1, Math.ceil(height / rowHeight));
  const first = Math.min(Math.max(0, Math.floor(top / rowHeight)), Math.max(0, count - 1));
  const from = Math.max(0, first - BEYOND);
  const to = Math.min(count, first + inSight + BEYOND);
  return { from, to, above: from * rowHeight, below: (count - to) * rowHeight };
}

/** Where a list has to be scrolled to so that a row is in sight below a head that stays; as it is when it already is. */
export function bring(row: number, rowHeight: number, top: number, height: number, head: number): number {
  const y = row * rowHeight;
  if (y < top) return y;
  if (y + rowHeight > top + height - head) return y + rowHeight - height + head;
  return top;
}

/** One line that is drawn of lines of any height. */
export interface Line {
  /** Which. */
  at: number;
  /** Where it begins, in pixels. */
  y: number;
  /** Height left out between the drawn line before it and this one. */
  gap: number;
}

export interface Lines {
  lines: Line[];
  /** Height left out after the last. */
  rest: number;
}

export interface Drawing {
  /** Pixels beyond the sight, each way. */
  beyond: number;
  /** Lines that are drawn wherever they stand: the one the keys are at, the one that holds the cursor. */
  keep?: readonly number[];
  /** So many at least, about the sight, where there are as many. */
  least?: number;
}

/** Which lines of different heights are drawn, and what is left out between them. */
export function linesOf(heights: readonly number[], top: number, height: number, { beyond, keep = [], least = 0 }: Drawing): Lines {
  let y = 0;
  const begins = heights.map((tall) => (y += tall) - tall);
  let from = heights.findIndex((tall, n) => (begins[n] ?? 0) + tall > top - beyond);
  if (from < 0) from = heights.length;
  let to = from;
  while (to < heights.length && (begins[to] ?? 0) < top + height + beyond) to += 1;
  const more = least - (to - from);
  if (more > 0) {
    from = Math.max(0, Math.min(from - Math.floor(more / 2), heights.length - least));
    to = Math.min(heights.length, Math.max(to, from + least));
  }
  const drawn = new Set(keep.filter((n) => n >= 0 && n < heights.length));
  for (let n = from; n < to; n += 1) drawn.add(n);
  let end = 0;
  const lines = [...drawn]
    .sort((a, b) => a - b)
    .map((at): Line => {
      const begin = begins[at] ?? 0;
      const gap = begin - end;
      end = begin + (heights[at] ?? 0);
      return { at, y: begin, gap };
    });
  return { lines, rest: y - end };
}
