// The list of subjects: what is asked, how it is filtered and sorted.
import type { SubjectRowView } from '../../bindings/SubjectRowView';
import { act } from '../../core';
import { Asked } from '../../state';

function key(row: SubjectRowView, by: string): string | number {
  switch (by) {
    case 'status':
      return row.status;
    case 'verdict':
      return row.verdict;
    case 'next':
      return row.next?.[1] ?? '9999';
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
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

export class SubjectList {
  readonly asked = new Asked(() => act('subjects', {}));
  find = $state('');
  status = $state<string | null>(null);
  sort = $state<{ key: string; down: boolean }>({ key: 'subject', down: false });

  readonly statuses = $derived([...new Set((this.asked.answer?.subjects ?? []).map((s) => s.status))]);

  readonly rows = $derived.by(() => {
    const find = this.find.normalize('NFKC').trim().toUpperCase();
    return (this.asked.answer?.subjects ?? [])
      .filter((s) => (this.status === null || s.status === this.status) && s.subject.includes(find))
      .toSorted((a, b) => {
        const by = compare(key(a, this.sort.key), key(b, this.sort.key)) * (this.sort.down ? -1 : 1);
        return by !== 0 ? by : compare(a.subject, b.subject);
      });
  });
}
