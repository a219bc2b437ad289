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
