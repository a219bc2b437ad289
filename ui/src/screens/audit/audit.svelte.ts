// The journal read aloud, newest first, a stretch at a time.
import type { AuditEntryView } from '../../bindings/AuditEntryView';
import type { EntryRef } from '../../bindings/EntryRef';
import { act } from '../../core';
import { Doing } from '../../state';

export class AuditTrail {
  person = $state('');
  subject = $state('');
  entries = $state.raw<AuditEntryView[]>([]);
  more = $state(false);
  people = $state.raw<{ value: string; text: string }[]>([]);
  subjects = $state.raw<string[]>([]);
  readonly doing = new Doing();

  async load(): Promise<void> {
    await this.filter({});
    const [people, subjects] = await Promise.allSettled([act('people', {}), act('subjects', {})]);
    if (people.status === 'fulfilled') {
      this.people = people.value.people.map((p) => ({ value: p.person, text: p.printed_name }));
    }
    if (subjects.status === 'fulfilled') this.subjects = subjects.value.subjects.map((s) => s.subject);
  }

  async filter(to: { person?: string; subject?: string }): Promise<void> {
    this.person = to.person ?? this.person;
    this.subject = to.subject ?? this.subject;
    await this.doing.run(async () => {
      const view = await this.#ask(null);
      this.entries = view.entries;
      this.more = view.more;
    });
  }

  async further(): Promise<void> {
    await this.doing.run(async () => {
      const view = await this.#ask(this.entries.at(-1) ?? null);
      this.entries = [...this.entries, ...view.entries];
      this.more = view.more;
    });
  }

  #ask(last: EntryRef | null) {
    const before = last === null ? null : { log: last.log, seq: last.seq };
    return act('audit', { person: this.person || null, subject: this.subject || null, before });
  }
}
