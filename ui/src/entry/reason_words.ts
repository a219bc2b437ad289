// Why a result is what it is, as one phrase: the quantity, its value, and the limit it was held against.
import type { FromItemView } from '../bindings/FromItemView';
import type { ReasonView } from '../bindings/ReasonView';
import { format, m, words, wordsOrNull } from '../i18n';
import { placeOf, showCode, showUnit, study } from '../state';

const SIGN: Record<string, string> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=', '==': '=', '!=': '≠' };
/** What is true instead, where the comparison does not hold. */
const OTHERWISE: Record<string, string> = { '<': '≥', '<=': '>', '>': '≤', '>=': '<', '=': '≠', '==': '≠', '!=': '=' };

/** The sign that makes the phrase a true sentence. */
export function trueSign(op: string, holds: boolean): string {
  return (holds ? SIGN[op] : OTHERWISE[op]) ?? op;
}

/** A code means what its question makes of it: "none" is room air for oxygen, and nothing for lesions. */
function said(what: string, value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return format.date(value);
  return wordsOrNull('value', `${what}_${value}`) ?? wordsOrNull('value', value) ?? value;
}

export function reasonWords(reason: ReasonView): string {
  const what = words('what', reason.what);
  const { value, op, limit } = reason;
  const unit = showUnit(reason.unit);
  // Some values read better as words of their own: "one vasopressor", "no hypotension".
  const whole = value === null ? null : wordsOrNull('what', `${reason.what}_${value}`);
  if (whole !== null) return whole;
  if (op !== null && limit !== null) {
    return m
      .reason_comparison({ what, value: value ?? '—', op: trueSign(op, reason.holds), limit, unit })
      .trim();
  }
  if (value === 'true' || value === 'false') {
    return m.reason_statement({ what, value: value === 'true' ? m.yes() : m.no() });
  }
  if (value === null) return what;
  return m.reason_statement({ what, value: [said(reason.what, value), unit].filter((part) => part !== '').join(' ') });
}

/** What a rule is called, with its code when nobody gave it words. */
export function ruleWords(rule: string): string {
  return wordsOrNull('rule', rule) ?? rule;
}

/** Whether the threshold is the project's own, its source text not having been seen. */
export function isProjectDefault(evidence: string): boolean {
  return evidence === 'GK' || evidence === 'PD';
}

export function sourceWords(of: { source: string; evidence: string }): string {
  const { source } = of;
  return isProjectDefault(of.evidence) ? m.reason_project_default({ source }) : m.reason_source({ source });
}

/** A citation as the definition writes it, `[S] one; [GK] another`, taken apart by its evidence. */
export function citations(source: string): { source: string; evidence: string }[] {
  return source
    .split(/;\s*(?=\[)/)
    .map((part) => /^\[(S2|S|GK|PD)\]\s*(.*)$/s.exec(part.trim()) ?? ['', '', part.trim()])
    .map(([, evidence = '', text = '']) => ({ source: text, evidence }))
    .filter((part) => part.source !== '');
}

/** The value of an item as a result took it in: a code in the words of its list, a date as a date, a unit as printed. */
export function fromWords(from: FromItemView): string {
  const { item } = placeOf(from.path);
  const kind = item === null ? undefined : study.item(item)?.item.kind;
  const { shown } = from;
  if (kind?.kind === 'code' || kind?.kind === 'codes') {
    if (shown === 'true') return m.yes();
    if (shown === 'false') return m.no();
    const named = showCode(item, shown);
    return named === shown ? (wordsOrNull('value', shown) ?? shown) : named;
  }
  if (/^\d{4}(-\d{2}){0,2}$/.test(shown) && kind?.kind === 'date') return format.date(shown);
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(shown)) return format.dateTime(shown);
  const [number = '', unit] = shown.split(' ');
  return unit === undefined ? shown : `${number} ${showUnit(unit)}`;
}

/** Inputs whose name is not that of the quantity they give. */
const INPUT_OF: Record<string, string> = {
  alt: 'alt_x_uln',
  ast: 'ast_x_uln',
  bilirubin: 'bili_x_uln',
  bm_blasts: 'bm_blasts_pct',
  bm_fall_50: 'baseline_bm_pct',
  bm_rise: 'baseline_bm_pct',
  cellularity: 'bm_cellularity',
  cockcroft_gault: 'creatinine',
  bedside_schwartz: 'creatinine',
  flow: 'flow_l_min',
  lvef: 'lvef_pct',
  mrd: 'mrd_fraction',
  pb_blasts: 'pb_blasts_pct',
  pericardial_effusion: 'significant_effusion',
  platelets: 'plt',
  temperature: 'temp_max_c',
  vasopressin: 'vasopressors',
  vasopressor_count: 'vasopressors',
  weight_changed: 'weight_d0_kg',
};

/** The input behind a reason, for the way from the reason to its item. */
export function inputOf(what: string): string {
  return INPUT_OF[what] ?? what;
}
