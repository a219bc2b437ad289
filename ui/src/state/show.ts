// How values, places and units of the study are said in the language chosen.
import type { Missing } from '../bindings/Missing';
import type { Reason } from '../bindings/Reason';
import type { Value } from '../bindings/Value';
import { format, m, t, words, wordsOrNull } from '../i18n';
import { placeOf, SITE } from './paths';
import { records } from './records.svelte';
import { study } from './study.svelte';

export function showUnit(code: string | null | undefined): string {
  if (code === null || code === undefined || code === '') return '';
  const unit = study.def?.units.find((u) => u.code === code);
  return unit === undefined ? code : t(unit.text);
}

export function showMissing(kind: Missing): string {
  return words('missing', kind);
}

/** A code of the codelist behind an item, in words. */
export function showCode(item: string | null, code: string): string {
  const kind = item === null ? undefined : study.item(item)?.item.kind;
  if (kind === undefined || (kind.kind !== 'code' && kind.kind !== 'codes')) return code;
  const found = study.codes(kind.codelist).find((c) => c.code === code);
  return found === undefined ? code : t(found.text);
}

/** A value as a person reads it, with its unit; an empty one is a dash. */
export function showValue(value: Value | null | undefined, item: string | null = null): string {
  if (value === null || value === undefined) return '—';
  switch (value.type) {
    case 'text':
      return value.text;
    case 'number':
      return [value.number, showUnit(value.unit)].filter((p) => p !== '').join(' ');
    case 'code':
      return showCode(item, value.code);
    case 'codes':
      return value.codes.map((c) => showCode(item, c)).join(' · ');
    case 'date':
      return format.date(value.date);
    case 'time':
      return value.time.slice(0, 5);
    case 'date_time':
      return format.dateTime(value.at);
    case 'duration':
      return format.duration(value.duration);
    case 'missing':
      return showMissing(value.missing);
  }
}

/** Whose a form is: a subject's code, or that it is the site's. */
export function showSubject(code: string): string {
  return code === SITE ? m.nav_registers() : code;
}

/** A visit, or the register that stands in its place. */
export function showVisit(visit: string, no = 1): string {
  const name = t(study.visit(visit)?.name) || t(study.register(visit)?.name) || visit;
  return no > 1 ? `${name} ${no}` : name;
}

export function showForm(formPath: string): string {
  const at = placeOf(formPath);
  const name = t(study.form(at.form)?.name) || at.form;
  if (at.subject === SITE) return `${name} ${records.at(at.formPath)?.name ?? at.formNo}`;
  return at.formNo > 1 ? `${name} ${at.formNo}` : name;
}

/** The question of an item, for where its row is said apart. */
export function showQuestion(itemPath: string): string {
  const { item } = placeOf(itemPath);
  return item === null ? showForm(itemPath) : t(study.item(item)?.item.question) || item;
}

/** The question of an item, with its row where there are several. */
export function showItem(itemPath: string): string {
  const { row } = placeOf(itemPath);
  return row > 1 ? `${showQuestion(itemPath)} (${row})` : showQuestion(itemPath);
}

/** A reason in words: of the study's list, and the person's own. */
export function showReason(reason: Reason | null | undefined): string {
  if (reason === null || reason === undefined) return '—';
  const listed = study.def?.reasons.find((r) => r.code === reason.code);
  const own = reason.text ?? '';
  if (reason.code === 'other' && own !== '') return own;
  return [listed === undefined ? (wordsOrNull('reason', reason.code) ?? reason.code) : t(listed.text), own]
    .filter((part) => part !== '')
    .join(': ');
}
