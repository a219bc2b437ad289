import type { VisitView } from '../../bindings/VisitView';

/** Nothing was entered in it yet. */
export function untouched(visit: VisitView): boolean {
  return visit.forms.every((form) => form.state === 'empty');
}
