import { describe, expect, it } from 'vitest';
import { checksOf, nothingCompared } from '../../../src/screens/form/identity';

describe('the bedside comparison', () => {
  it('is whole only when every identifier has been compared', () => {
    const compared = nothingCompared();
    expect(checksOf(compared)).toBeNull();
    for (const one of Object.values(compared)) one.outcome = 'agreed';
    expect(checksOf(compared)?.map((c) => c.identifier)).toEqual(['name', 'mrn', 'birth_date', 'coi', 'lot']);
  });
  it('sends a value for the product alone, never for the person', () => {
    const compared = nothingCompared();
    for (const one of Object.values(compared)) Object.assign(one, { outcome: 'agreed', value: ' X1 ' });
    const checks = checksOf(compared) ?? [];
    expect(checks.filter((c) => 'value' in c).map((c) => [c.identifier, c.value])).toEqual([
      ['coi', 'X1'],
      ['lot', 'X1'],
    ]);
  });
});
