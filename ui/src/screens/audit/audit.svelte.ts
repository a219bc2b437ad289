// The journal read aloud, newest first, a stretch at a time.
import type { ActsAbout } from '../../bindings/ActsAbout';
import type { AuditEntryView } from '../../bindings/AuditEntryView';
import type { EntryRef } from '../../bindings/EntryRef';
import { act } from '../../core';
import { Doing } from '../../state';

export const ABOUT: ActsAbout[] = ['records', 'findings', 'queries', 'attestations', 'people', 'sittings', 'file'];

/** What the journal is narrowed to; empty texts narrow nothing. */
export interface Narrowed {
  person: string;
  subject: string;
  about: ActsAbout | '';
  day: string;
  path: string;
  only: EntryRef[];
}

export class AuditTrail {
  narrowed = $state.raw<Narrowed>({ person: '', subject: '', about: '', day: '', path: '', only: [] });
  entries = $state.raw<AuditEntryView[]>([]);
  more = $state(false);
  people = $state.raw<{ value: string; text: string }[]>([]);
  subjects = $state.raw<string[]>([]);
  readonly doing = new Doing();

  async load(only: EntryRef[]): Promise<void> {
    await this.filter({ only });
    const [people, subjects] = await Promise.allSettled([act('people', {}), act('subjects', {})]);
    if (people.status === 'fulfilled') {
      this.people = people.value.people.map((p) => ({ value: p.person, text: p.printed_name }));
    }
    if (subjects.status === 'fulfilled') this.subjects = subjects.value.subjects.map((s) => s.subject);
  }

  async filter(to: Partial<Narrowed>): Promise<void> {
    this.narrowed = { ...this.narrowed, ...to };
    await this.doing.run(async () => {
      const view = await this.#ask(null);
      this.entries = view.entries;
      this.more = view.more;
    });
  }

  async further(): Promise<void> {
    const last = this.entries.at(-1);
    await this.doing.run(async () => {
      const view = await this.#ask(last === undefined ? null : { log: last.log, seq: last.seq });
      this.entries = [...this.entries, ...view.entries];
      this.more = view.more;
    });
  }

  #ask(before: EntryRef | null) {
    const { person, subject, about, day, path, only } = this.narrowed;
    return act('audit', {
      person: person || null,
      subject: subject || null,
      about: about || null,
      day: day || null,
      path: path || null,
      only,
      before,
    });
  }
}

/** Entries as a part of an address, and back. */
export const refsToPart = (refs: EntryRef[]): string => refs.map((at) => `${at.log}:${at.seq}`).join(',');
export function partToRefs(part: string | undefined): EntryRef[] {
  return (part ?? '')
    .split(',')
    .map((one) => /^([^:]+):(\d+)$/.exec(one))
    .filter((found) => found !== null)
    .map((found) => ({ log: found[1] ?? '', seq: Number(found[2]) }));
}
