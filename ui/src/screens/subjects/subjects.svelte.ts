// The list of subjects: what is asked, how it is filtered and sorted. Kept while the page lives, so that coming back
// from a subject finds the list as it was left.
import type { SubjectRowView } from '../../bindings/SubjectRowView';
import { act } from '../../core';
import { Asked, session } from '../../state';

/** Only those with something of the kind. */
export const WITH = ['alerts', 'overdue', 'in_window', 'queries', 'unsigned', 'unfinished'] as const;
export type With = (typeof WITH)[number];

const STATUSES = ['screening', 'eligible', 'ineligible', 'enrolled', 'infused', 'off_study'];

const order = new Intl.Collator('en', { numeric: true });

function key(row: SubjectRowView, by: string): string | number {
  switch (by) {
    case 'status':
      return STATUSES.indexOf(row.status) * 100_000 + (row.day ?? 0);
    case 'verdict':
      return row.verdict ?? '~';
    case 'sex':
      return `${row.sex ?? '~'} ${row.age ?? ''}`;
    case 'next':
      return row.next?.[1] ?? '9999';
    case 'attention':
      return -(row.alerts.length * 1000 + row.overdue);
    case 'unfinished':
      return row.unfinished;
    case 'queries':
      return row.queries;
    case 'unsigned':
      return row.unsigned;
    default:
      return row.subject;
  }
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b));
}

export class SubjectList {
  readonly asked = new Asked(() => act('subjects', {}));
  find = $state('');
  status = $state<string | null>(null);
  only = $state<With | null>(null);
  sort = $state<{ key: string; down: boolean }>({ key: 'subject', down: false });
  current = $state<string | null>(null);
  top = $state(0);

  readonly all = $derived(this.asked.answer?.subjects ?? []);

  /** Statuses that somebody has, with how many. */
  readonly statuses = $derived.by(() => {
    const counts = new Map<string, number>();
    for (const row of this.all) counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
    return STATUSES.filter((s) => counts.has(s)).map((s) => ({ status: s, count: counts.get(s) ?? 0 }));
  });

  /** Things to filter by that somebody has, with how many. */
  readonly withs = $derived(
    WITH.map((what) => ({ what, count: this.all.filter((row) => this.has(row, what)).length })).filter(({ count }) => count > 0),
  );

  readonly rows = $derived.by(() => {
    const find = this.find.normalize('NFKC').trim().toUpperCase();
    const { key: by, down } = this.sort;
    const only = this.only;
    return this.all
      .filter((s) => (this.status === null || s.status === this.status) && (only === null || this.has(s, only)) && s.subject.includes(find))
      .map((row) => ({ row, at: key(row, by) }))
      .sort((a, b) => compare(a.at, b.at) * (down ? -1 : 1) || order.compare(a.row.subject, b.row.subject))
      .map(({ row }) => row);
  });

  readonly filtered = $derived(this.find.trim() !== '' || this.status !== null || this.only !== null);

  has(row: SubjectRowView, what: With): boolean {
    switch (what) {
      case 'alerts':
        return row.alerts.length > 0;
      case 'in_window': {
        const today = this.asked.answer?.today ?? '';
        return row.window !== null && row.window[0] <= today && today <= row.window[1];
      }
      default:
        return row[what] > 0;
    }
  }

  clear(): void {
    this.find = '';
    this.status = null;
    this.only = null;
  }

  /** Reads the list, and on, while there are verdicts that the core has not worked out yet. */
  async load(): Promise<void> {
    let left = Number.POSITIVE_INFINITY;
    for (;;) {
      await this.asked.again();
      const now = this.asked.answer?.unjudged ?? 0;
      if (this.asked.problem !== null || now === 0 || now >= left) return;
      left = now;
      await new Promise((go) => setTimeout(go, 60));
    }
  }
}

let kept: { person: string; list: SubjectList } | null = null;

/** The list of whoever is here; somebody else begins with a list of their own. */
export function subjectList(): SubjectList {
  const person = session.who?.person ?? '';
  if (kept?.person !== person) kept = { person, list: new SubjectList() };
  return kept.list;
}
