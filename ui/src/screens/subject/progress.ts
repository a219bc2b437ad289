import type { VisitView } from '../../bindings/VisitView';

export interface Progress {
  done: number;
  all: number;
  /** For the picture of the visit: all complete, some begun, nothing yet. */
  state: 'done' | 'begun' | 'ahead';
}

const OPEN = ['empty', 'started'];

/** Nothing was entered in it yet. */
export function untouched(visit: VisitView): boolean {
  return visit.forms.every((form) => form.state === 'empty');
}

/** Forms of a visit that are complete (or beyond), of those it collects. */
export function progressOf(visit: VisitView): Progress {
  const done = visit.forms.filter((form) => !OPEN.includes(form.state)).length;
  const begun = visit.forms.some((form) => form.state !== 'empty');
  const all = visit.forms.length;
  return { done, all, state: all > 0 && done === all ? 'done' : begun ? 'begun' : 'ahead' };
}
