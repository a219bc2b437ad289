// How a derived result is argued: the phrase that leads to it, and what it rests on.
import type { DerivedView } from '../../bindings/DerivedView';
import type { ItemDef } from '../../bindings/ItemDef';
import type { ReasonView } from '../../bindings/ReasonView';
import { resultWords } from '../../entry/derived_words';
import { m } from '../../i18n';
import { formPathOf, placeOf, study } from '../../state';

/** The rule of complete remission: what of it does not hold is why a remission is none. */
const FOR_CR = 'B2.5b';

/** The reasons that decided, in one line each result is followed by. */
export function deciding(derived: DerivedView): readonly ReasonView[] {
  if (derived.call.startsWith('response.') && derived.result !== 'CR') {
    const lacks = derived.reasons.filter((r) => r.rule === FOR_CR && !r.holds);
    if (lacks.length > 0) return lacks;
  }
  // Every comparison is told, also the one that stayed below its limit: it is why the result is not a higher one.
  const told = derived.reasons.filter((r) => r.op !== null || (r.holds && r.value !== 'false'));
  // Fever opens the door to every grade of CRS, so it is named first.
  return [...told.filter((r) => r.rule === 'C1.fever'), ...told.filter((r) => r.rule !== 'C1.fever')];
}

/** One line: what stands before the reasons, the reasons, and what stands after them. */
export interface Headline {
  before: string;
  reasons: readonly ReasonView[];
  after: string;
}

/** Where the reasons go in a message. */
const HERE = '\u0000';

export function headline(derived: DerivedView): Headline | null {
  const reasons = deciding(derived);
  if (derived.result === null || reasons.length === 0) return null;
  const lacksForCr = reasons.every((r) => r.rule === FOR_CR && !r.holds);
  const line = !derived.call.startsWith('response.')
    ? m.derived_leads_to({ because: HERE, result: resultWords(derived) })
    : lacksForCr
      ? m.derived_not_cr({ category: derived.result, because: HERE })
      : m.derived_response({ category: derived.result, because: HERE });
  const [before = '', after = ''] = line.split(HERE);
  return { before, reasons, after };
}

export interface Bound {
  /** Name of the input. */
  input: string;
  item: string;
  /** Path of the item where it is known, else of its form. */
  path: string;
}

/** Items a derived result is bound to by the definition: on this form, in this visit, or in the visit that collects them. */
export function boundItems(def: ItemDef, path: string): Bound[] {
  if (def.kind.kind !== 'derived') return [];
  const here = placeOf(path);
  const bound: Bound[] = [];
  for (const [input, binding] of def.kind.with) {
    const [first = '', second] = binding.split(':');
    const oid = second ?? first;
    const found = study.item(oid);
    if (found === undefined) continue;
    const collects = (visit: string) => study.visit(visit)?.forms.includes(found.form.oid) ?? false;
    const visit =
      second !== undefined
        ? first
        : collects(here.visit)
          ? here.visit
          : study.def?.visits.find((v) => v.kind === 'scheduled' && v.forms.includes(found.form.oid))?.oid;
    if (visit === undefined) continue;
    const same = visit === here.visit;
    const form =
      same && found.form.oid === here.form
        ? here.formPath
        : formPathOf(here.subject, visit, same ? here.visitNo : 1, found.form.oid);
    const row = same && found.group.oid === here.group && here.row > 1 ? `[${here.row}]` : '';
    bound.push({ input, item: oid, path: `${form}/${found.group.oid}${row}/${oid}` });
  }
  return bound;
}
