// The site's registers: one at a time, found by what is typed, filtered by the first code that tells records apart.
import type { RecordView } from '../../bindings/RecordView';
import type { RegisterDef } from '../../bindings/RegisterDef';
import { soughtIn } from '../../entry/reference.svelte';
import { act } from '../../core';
import { Asked, readRecords, session, showValue, study } from '../../state';

const order = new Intl.Collator('en', { numeric: true });
const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** What outlives the screen, for each register. */
class Left {
  find = $state('');
  only = $state<string | null>(null);
  sort = $state<{ key: string; down: boolean }>({ key: 'name', down: false });
  current = $state<string | null>(null);
  top = $state(0);
}

let kept: { person: string; left: Map<string, Left> } | null = null;

function leftBehind(register: string): Left {
  const person = session.who?.person ?? '';
  if (kept?.person !== person) kept = { person, left: new Map() };
  const left = kept.left.get(register) ?? new Left();
  kept.left.set(register, left);
  return left;
}

export class RecordList {
  readonly def: RegisterDef;
  readonly left: Left;
  readonly asked: Asked<RecordView[]>;
  next = $state('');

  constructor(def: RegisterDef) {
    this.def = def;
    this.left = leftBehind(def.oid);
    this.asked = new Asked(async () => {
      const [register] = (await act('registers', { register: def.oid })).registers;
      this.next = register?.next ?? '';
      return register?.records ?? [];
    });
  }

  async load(): Promise<void> {
    await Promise.all([this.asked.again(), readRecords()]);
  }

  readonly all = $derived.by(() => this.asked.answer ?? []);

  /** The column whose codes are offered as filters. */
  get codes(): string | null {
    return this.def.columns.find((item) => study.item(item)?.item.kind.kind === 'code') ?? null;
  }

  cell(record: RecordView, item: string): string {
    const found = record.cells.find((cell) => cell.item === item);
    return found?.value ? showValue(found.value, item) : '';
  }

  /** Codes that some record has, in words, with how many. */
  readonly filters = $derived.by(() => {
    const counts = new Map<string, number>();
    for (const record of this.all) {
      const said = this.codes === null ? '' : this.cell(record, this.codes);
      if (said !== '') counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    return [...counts].sort(([a], [b]) => order.compare(a, b));
  });

  readonly rows = $derived.by(() => {
    const parts = fold(this.left.find).split(/\s+/).filter((part) => part !== '');
    const { key, down } = this.left.sort;
    return this.all
      .filter((record) => this.left.only === null || this.codes === null || this.cell(record, this.codes) === this.left.only)
      .filter((record) => {
        const said = `${soughtIn(record)} ${fold(record.subjects.join(' '))}`;
        return parts.every((part) => said.includes(part));
      })
      .map((record) => ({ record, at: this.#key(record, key) }))
      .sort((a, b) => order.compare(a.at, b.at) * (down ? -1 : 1) || order.compare(a.record.form, b.record.form))
      .map(({ record }) => record);
  });

  #key(record: RecordView, by: string): string {
    switch (by) {
      case 'name':
        return record.name ?? '~';
      case 'subjects':
        return String(record.subjects.length);
      case 'state':
        return record.state;
      case 'attention':
        return String(1_000_000 - record.hard * 1000 - record.soft - record.queries);
      default: {
        // Dates are sorted as they are kept, not as they are read.
        const value = record.cells.find((cell) => cell.item === by)?.value;
        return value?.type === 'date' ? value.date : this.cell(record, by) || '~';
      }
    }
  }

  readonly filtered = $derived.by(() => this.left.find.trim() !== '' || this.left.only !== null);

  clear(): void {
    this.left.find = '';
    this.left.only = null;
  }
}
