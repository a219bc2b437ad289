// What two people compare at the bedside. A value is kept only where it identifies the product, never the person.
import type { IdentifierCheck } from '../../bindings/IdentifierCheck';
import type { IdentifierOutcome } from '../../bindings/IdentifierOutcome';

export const IDENTIFIERS = ['name', 'mrn', 'birth_date', 'coi', 'lot'] as const;
export const OUTCOMES: readonly IdentifierOutcome[] = ['agreed', 'not_agreed', 'not_present'];

export type Identifier = (typeof IDENTIFIERS)[number];

export function keepsValue(identifier: Identifier): boolean {
  return identifier === 'coi' || identifier === 'lot';
}

export interface Compared {
  outcome: IdentifierOutcome | '';
  value: string;
}

export type Comparison = Record<Identifier, Compared>;

export function nothingCompared(): Comparison {
  const none = (): Compared => ({ outcome: '', value: '' });
  return { name: none(), mrn: none(), birth_date: none(), coi: none(), lot: none() };
}

/** The checks to send, or `null` while an identifier has not been compared. */
export function checksOf(comparison: Comparison): IdentifierCheck[] | null {
  const checks: IdentifierCheck[] = [];
  for (const identifier of IDENTIFIERS) {
    const { outcome, value } = comparison[identifier];
    if (outcome === '') return null;
    const check: IdentifierCheck = { identifier, outcome };
    if (keepsValue(identifier) && value.trim() !== '') check.value = value.trim();
    checks.push(check);
  }
  return checks;
}
