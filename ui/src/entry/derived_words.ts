// A derived result as a person reads it.
import type { DerivedView } from '../bindings/DerivedView';
import { m, words, wordsOrNull } from '../i18n';
import { showUnit } from '../state';

/** Large numbers by powers of ten, as doses are written; the digits are those of the core. */
export function number(text: string): string {
  const plain = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const whole = plain?.[1];
  if (whole === undefined || whole.length < 6) return text;
  const power = whole.length - 1;
  const digits = `${whole}${plain?.[2] ?? ''}`.replace(/0+$/, '');
  const rest = digits.slice(1);
  const raised = [...String(power)].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]).join('');
  return `${digits[0] ?? ''}${rest === '' ? '' : `.${rest}`} × 10${raised}`;
}

/** The formula with its units as printed and its long numbers in groups of three. */
export function arithmeticWords(line: string): string {
  return line
    .split(' ')
    .map((word) => (/^\d{5,}$/.test(word) ? word.replace(/\B(?=(\d{3})+$)/g, '\u202f') : showUnit(word)))
    .join(' ');
}

export function resultWords(derived: DerivedView): string {
  const { status, result, unit } = derived;
  if (status === 'not_evaluable') return m.derived_not_evaluable();
  if (result === null) return words('derived', status);
  if (status === 'graded') return m.derived_grade({ grade: result });
  if (status === 'at_least') return m.derived_grade_at_least({ grade: result });
  const named = wordsOrNull('category', result);
  if (named !== null) return named;
  const said = [number(result), showUnit(unit)].filter((part) => part !== '').join(' ');
  return status === 'pass' || status === 'fail' ? `${said} · ${words('derived', status)}` : said;
}
