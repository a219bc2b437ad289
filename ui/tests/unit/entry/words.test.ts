import { beforeEach, describe, expect, it } from 'vitest';
import type { DerivedView } from '../../../src/bindings/DerivedView';
import type { ReasonView } from '../../../src/bindings/ReasonView';
import { number, resultWords } from '../../../src/entry/derived_words';
import { reasonWords, sourceWords } from '../../../src/entry/reason_words';
import { keptOf, typedOf, typedOfKept } from '../../../src/entry/typed';
import { Wedge } from '../../../src/entry/wedge';
import { useLocale } from '../../../src/i18n';
import { boundItems, headline } from '../../../src/screens/form/derived';
import { applyStudy, showValue } from '../../../src/state';
import { STUDY } from '../../mock/entry/study';

function reason(more: Partial<ReasonView>): ReasonView {
  return {
    rule: 'C1.fever',
    what: 'temperature',
    value: null,
    unit: '',
    op: null,
    limit: null,
    holds: true,
    decision: null,
    source: 'ASTCT',
    evidence: 'S',
    ...more,
  };
}
const derived = (more: Partial<DerivedView>): DerivedView => ({
  call: 'tox.crs',
  status: 'graded',
  result: '3',
  unit: null,
  reasons: [],
  warnings: [],
  from: [],
  missing: [],
  arithmetic: null,
  confirmed: null,
  may_confirm: null,
  ...more,
});

function line(of: DerivedView): string {
  const told = headline(of);
  return told === null ? '' : `${told.before}${told.reasons.map(reasonWords).join(' · ')}${told.after}`;
}

beforeEach(() => {
  useLocale('en');
  applyStudy(STUDY);
});

describe('reasons in words', () => {
  it('a comparison that holds is said as it is', () => {
    expect(reasonWords(reason({ value: '38.5', op: '>=', limit: '38', unit: 'C' }))).toBe('fever 38.5 ≥ 38 °C');
  });
  it('a comparison that does not hold is turned into one that is true', () => {
    const platelets = reason({ what: 'platelets', value: '82', op: '>', limit: '100', unit: '10*9/L', holds: false });
    expect(reasonWords(platelets)).toBe('platelets 82 ≤ 100 ×10⁹/L');
    useLocale('zh-Hans');
    expect(reasonWords(platelets)).toBe('血小板 82 ≤ 100 ×10⁹/L');
  });
  it('statements and codes become words; an unknown code stays visible', () => {
    expect(reasonWords(reason({ what: 'hypotension', value: 'false', holds: false }))).toBe('no hypotension');
    expect(reasonWords(reason({ what: 'oxygen', value: 'none', holds: false }))).toBe('oxygen: room air');
    expect(reasonWords(reason({ what: 'hbsag', value: 'neg', holds: false }))).toBe('HBsAg: negative');
    expect(reasonWords(reason({ what: 'not_known_here' }))).toBe('‹not_known_here›');
  });
  it('a threshold whose source was not seen says so', () => {
    expect(sourceWords(reason({ evidence: 'GK', source: 'US label' }))).toBe(
      'project default after US label, source text not seen: confirm before use',
    );
    expect(sourceWords(reason({}))).toBe('Source: ASTCT');
  });
});

describe('derived results', () => {
  it('a grade is argued from its reasons', () => {
    const view = derived({
      reasons: [
        reason({ value: '38.5', op: '>=', limit: '38', unit: 'C' }),
        reason({ rule: 'C1.fever', what: 'fever_attributed_elsewhere', value: 'false', holds: false }),
        reason({ rule: 'C1.pressor', what: 'hypotension', value: 'true' }),
      ],
    });
    expect(line(view)).toBe('fever 38.5 ≥ 38 °C · hypotension → Grade 3');
    expect(resultWords(derived({ status: 'at_least', result: '2' }))).toBe('At least grade 2');
    expect(resultWords(derived({ status: 'not_evaluable', result: null }))).toBe('Cannot say yet');
  });
  it('a remission that is no CR says what CR lacks', () => {
    const view = derived({
      call: 'response.assess',
      status: 'value',
      result: 'CRi',
      reasons: [
        reason({ rule: 'B2.5', what: 'bm_blasts', value: '2', op: '<', limit: '5', unit: '%' }),
        reason({ rule: 'B2.5b', what: 'anc', value: '1.4', op: '>', limit: '1', unit: '10*9/L' }),
        reason({ rule: 'B2.5b', what: 'platelets', value: '82', op: '>', limit: '100', unit: '10*9/L', holds: false }),
        reason({ rule: 'B2.5b', what: 'days_since_plt_transfusion', value: '3', op: '>', limit: '7', unit: 'd', holds: false }),
      ],
    });
    expect(line(view)).toBe('CRi, not CR: platelets 82 ≤ 100 ×10⁹/L · days since platelet transfusion 3 ≤ 7 d');
  });
  it('large numbers keep their digits', () => {
    expect(number('2850000')).toBe('2.85 × 10⁶');
    expect(number('171000000')).toBe('1.71 × 10⁸');
    expect(number('1000000')).toBe('1 × 10⁶');
    expect(number('82.5')).toBe('82.5');
  });
  it('the items behind a result are found on the same form and row', () => {
    const def = STUDY.forms[0]?.groups[2]?.items[0];
    if (def === undefined) throw new Error('no derived item');
    expect(boundItems(def, 'S-001/SCR/VS[2]/OUT/VS.CRS')).toEqual([
      { input: 'temp_max_c', item: 'VS.TEMP', path: 'S-001/SCR/VS[2]/MAIN/VS.TEMP' },
    ]);
  });
});

describe('values', () => {
  it('are said with their unit, as a date, in the words of the list', () => {
    expect(showValue({ type: 'number', number: '38.50', unit: 'C' })).toBe('38.50 °C');
    expect(showValue({ type: 'date', date: '2026-11' })).toBe('Nov 2026');
    expect(showValue({ type: 'codes', codes: ['PARA', 'H1'] }, 'VS.DRUGS')).toBe('Paracetamol · Antihistamine');
    expect(showValue({ type: 'missing', missing: 'not_done' })).toBe('Not done');
  });
  it('keep digits and unit in the control, and come back from what was kept', () => {
    const kind = { kind: 'decimal' as const, units: ['C', 'F'], places: 1 };
    const typed = typedOf({ type: 'number', number: '12.50', unit: 'F' }, kind);
    expect(typed).toMatchObject({ text: '12.50', unit: 'F' });
    expect(typedOfKept(keptOf(typed), kind)).toEqual(typed);
    expect(typedOf(null, kind).unit).toBeNull();
    const duration = { kind: 'duration' as const, unit: 'min' as const };
    expect(typedOf({ type: 'duration', duration: 'PT1H30M' }, duration).text).toBe('1 h 30 min');
    expect(typedOf({ type: 'duration', duration: 'P2DT4H' }, duration).text).toBe('2 d 4 h');
    expect(typedOf({ type: 'date_time', at: '2026-11-22T14:05' }, { kind: 'date_time' }).text).toBe('2026-11-22 14:05');
  });
  it('a correction or a slow hand is no scanner', () => {
    const wedge = new Wedge();
    for (const at of [0, 8, 17, 25, 33]) wedge.character(at);
    expect(wedge.byHand).toBe(false);
    wedge.hand();
    expect(wedge.byHand).toBe(true);
    wedge.restart();
    expect(wedge.byHand).toBe(false);
  });
});
