// Questions about values: filtered by what is asked of whoever is here.
import type { QueriesView } from '../../bindings/QueriesView';
import type { QueryView } from '../../bindings/QueryView';
import { act } from '../../core';
import { Asked, placeOf } from '../../state';

export const FILTERS = ['mine', 'open', 'answered', 'closed', 'all'] as const;
export type Filter = (typeof FILTERS)[number];

function fits(query: QueryView, filter: Filter): boolean {
  if (filter === 'all') return true;
  // Mine: one on which the core lets me do something now, and which is not settled.
  if (filter === 'mine') return query.state !== 'closed' && query.may.length > 0;
  return query.state === filter;
}

export class QueryList {
  readonly asked = new Asked<QueriesView>(() => act('queries', { subject: null }));
  #chosen = $state<Filter | null>(null);
  subject = $state('');

  readonly #all = $derived(this.asked.answer?.queries ?? []);
  readonly subjects = $derived([...new Set(this.#all.map((q) => placeOf(q.path).subject))].sort());

  /** What waits for me comes first; where nothing does, all are shown. */
  get filter(): Filter {
    return this.#chosen ?? (this.#all.some((q) => fits(q, 'mine')) ? 'mine' : 'all');
  }
  set filter(to: Filter) {
    this.#chosen = to;
  }

  readonly shown = $derived(
    this.#all.filter((q) => fits(q, this.filter) && (this.subject === '' || placeOf(q.path).subject === this.subject)),
  );

  count(filter: Filter): number {
    return this.#all.filter((q) => fits(q, filter)).length;
  }

  /** One query as it is now; it stays where it is until the filter is chosen anew. */
  replace(now: QueryView): void {
    this.#chosen = this.filter;
    const queries = this.#all.map((q) => (q.query === now.query ? now : q));
    this.asked.answer = { queries };
  }
}
