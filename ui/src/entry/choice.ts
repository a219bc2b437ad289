// Which code a digit picks: the code that is that digit, else the one in that place.
import type { CodeDef } from '../bindings/CodeDef';

/** Up to this many codes stand side by side as large targets; more are chosen from a list. */
export const SIDE_BY_SIDE = 6;

function named(codes: readonly CodeDef[]): boolean {
  return codes.every((c) => /^\d$/.test(c.code));
}

/** The digit that picks a code, for showing it on the target. */
export function digitOf(codes: readonly CodeDef[], at: number): string | null {
  if (named(codes)) return codes[at]?.code ?? null;
  return at < 9 ? String(at + 1) : null;
}

export function codeOfDigit(codes: readonly CodeDef[], key: string): string | null {
  const digit = key.normalize('NFKC');
  if (!/^\d$/.test(digit)) return null;
  const at = codes.findIndex((_, i) => digitOf(codes, i) === digit);
  return codes[at]?.code ?? null;
}
