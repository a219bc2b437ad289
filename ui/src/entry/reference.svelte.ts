// Records that an item may name: found while somebody types, by code and by what tells them apart.
import type { RecordView } from '../bindings/RecordView';
import { m, t } from '../i18n';
import { placeOf, records, showValue, study } from '../state';

/** No more than fit under a field. */
const MOST = 8;

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** What tells a record from others, in words; an answer with its question. */
export function telling(record: RecordView): string {
  return record.cells
    .filter((cell) => cell.value !== null)
    .map((cell) => m.record_said({ question: t(study.item(cell.item)?.item.question) || cell.item, answer: showValue(cell.value, cell.item) }))
    .join(' · ');
}

/** What a record is found by: its code and the answers that tell it from others. */
export function soughtIn(record: RecordView): string {
  const answers = record.cells.filter((cell) => cell.value !== null).map((cell) => showValue(cell.value, cell.item));
  return fold([record.name ?? '', ...answers].join(' '));
}

/** The register whose records an item names. */
export function registerOf(path: string): string | null {
  const item = placeOf(path).item ?? '';
  return study.def?.registers.find((register) => register.referred_by.includes(item))?.oid ?? null;
}

export class Picker {
  readonly register: string;
  /** The list is open. */
  open = $state(false);
  /** The line the keys are at; none before they moved. */
  at = $state(-1);
  text = $state('');

  constructor(register: string) {
    this.register = register;
  }

  readonly found = $derived.by(() => {
    const parts = fold(this.text).split(/\s+/).filter((part) => part !== '');
    const all = records.register(this.register)?.records ?? [];
    return all
      .filter((record): record is RecordView & { name: string } => record.name !== null)
      .filter((record) => parts.every((part) => soughtIn(record).includes(part)))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
      .slice(0, MOST);
  });

  /** The record that is named now. */
  readonly chosen = $derived.by(() => records.named(this.register, this.text));

  /** Nothing to choose where the only line is what stands there already. */
  readonly offers = $derived(this.open && this.found.length > 0 && !(this.found.length === 1 && this.chosen !== undefined));

  close(): void {
    this.open = false;
    this.at = -1;
  }

  /** Moves among the lines, opening the list first. */
  move(step: number): void {
    this.open = true;
    const count = this.found.length;
    if (count > 0) this.at = (this.at + step + (this.at < 0 && step < 0 ? 1 : 0) + count) % count;
  }
}
