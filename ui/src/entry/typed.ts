// What stands in an item's control, in the shape in which it is sent to the core.
import type { EnterValue } from '../bindings/EnterValue';
import type { ItemKind } from '../bindings/ItemKind';
import type { Missing } from '../bindings/Missing';
import type { RawInput } from '../bindings/RawInput';
import type { Reason } from '../bindings/Reason';
import type { Value } from '../bindings/Value';

export interface Typed {
  text: string;
  unit: string | null;
  codes: readonly string[];
  missing: Missing | null;
}

const NOTHING: Typed = { text: '', unit: null, codes: [], missing: null };

/** Units an item can be given in; empty for a bare number and for everything that is no number. */
export function unitsOf(kind: ItemKind): readonly string[] {
  return kind.kind === 'integer' || kind.kind === 'decimal' ? kind.units : [];
}

/** A single unit is no choice: it is fixed. Of several, none is chosen before a person chooses. */
function firstUnit(kind: ItemKind): string | null {
  const units = unitsOf(kind);
  return units.length === 1 ? (units[0] ?? null) : null;
}

/** What the control shows for a stored value. */
export function typedOf(value: Value | null, kind: ItemKind): Typed {
  const empty = { ...NOTHING, unit: firstUnit(kind) };
  if (value === null) return empty;
  switch (value.type) {
    case 'text':
      return { ...empty, text: value.text };
    case 'number':
      return { ...empty, text: value.number, unit: value.unit ?? empty.unit };
    case 'code':
      return { ...empty, codes: [value.code] };
    case 'codes':
      return { ...empty, codes: value.codes };
    case 'date':
      return { ...empty, text: value.date };
    case 'time':
      return { ...empty, text: value.time };
    case 'date_time':
      return { ...empty, text: value.at.replace('T', ' ') };
    case 'duration':
      return { ...empty, text: durationText(value.duration) };
    case 'missing':
      return { ...empty, missing: value.missing };
  }
}

export function isNothing(typed: Typed): boolean {
  return typed.text === '' && typed.codes.length === 0 && typed.missing === null;
}

/** `PT1H30M` as it can be typed again in either language. */
export function durationText(iso: string): string {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(iso);
  const words = ['d', 'h', 'min'].map((word, at) => (parts?.[at + 1] === undefined ? '' : `${parts[at + 1]} ${word}`));
  return words.filter((word) => word !== '').join(' ');
}

/** A unit without a number says nothing yet, so it makes no difference. */
export function sameTyped(a: Typed, b: Typed): boolean {
  if (isNothing(a) && isNothing(b)) return true;
  return (
    a.text === b.text &&
    a.missing === b.missing &&
    (a.text === '' || a.unit === b.unit) &&
    a.codes.length === b.codes.length &&
    a.codes.every((code, at) => code === b.codes[at])
  );
}

/** What stands in the control, as it is kept in the file until it is saved. */
export function keptOf(typed: Typed): RawInput {
  const kept: RawInput = { text: typed.text, codes: [...typed.codes] };
  if (typed.unit !== null) kept.unit = typed.unit;
  if (typed.missing !== null) kept.missing = typed.missing;
  return kept;
}

/** The reverse of {@link keptOf}. */
export function typedOfKept(kept: RawInput, kind: ItemKind): Typed {
  const base = typedOf(null, kind);
  return { text: kept.text, unit: kept.unit ?? base.unit, codes: kept.codes, missing: kept.missing ?? null };
}

/** Words that go with a value. */
export interface Assent {
  reason: Reason | null;
  /** The person has seen which answers this one hides. */
  hide: boolean;
}

export function enterRequest(path: string, typed: Typed, byHand: boolean, assent: Assent): EnterValue {
  return {
    path,
    text: typed.text,
    unit: typed.text === '' ? null : typed.unit,
    codes: [...typed.codes],
    missing: typed.missing,
    by_hand: byHand,
    reason: assent.reason,
    hide_answers: assent.hide,
  };
}
