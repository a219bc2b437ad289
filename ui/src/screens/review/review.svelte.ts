// Going down the list of items with the paper source beside the screen.
import type { Reason } from '../../bindings/Reason';
import type { ReviewItemView } from '../../bindings/ReviewItemView';
import { act, asProblem, type Problem } from '../../core';
import { Asked, placeOf, save, study } from '../../state';

export interface Section {
  key: string;
  subject: string;
  form: string;
  /** Items of any form whose value changed after they were verified: looked at first. */
  changed: boolean;
  items: ReviewItemView[];
}

/** Where a form stands in the casebook: visit by visit, form by form of the definition. */
function inCasebook(form: string): number {
  const at = placeOf(form);
  const visit = study.def?.visits.findIndex((v) => v.oid === at.visit) ?? 0;
  const page = study.def?.forms.findIndex((f) => f.oid === at.form) ?? 0;
  return visit * 1e6 + at.visitNo * 1e4 + page * 100 + at.formNo;
}

export class ReviewList {
  readonly asked = new Asked(async () => {
    const view = await act('review', { subject: null });
    this.#changed = view.items.filter((i) => i.verification === 'changed').map((i) => i.path);
    return view;
  });
  subject = $state('');
  /** Only what still waits. */
  open = $state(true);
  /** Only items of special weight. */
  critical = $state(false);
  /** Path of the item the keys act on. */
  here = $state<string | null>(null);
  busy = $state<string | null>(null);
  problem = $state<Problem | null>(null);
  problemAt = $state<string | null>(null);
  asking = $state<string | null>(null);
  /** Section verified as a whole just now, and how many are left. */
  bulk = $state<string | null>(null);
  bulkLeft = $state(0);
  // Verified in this sitting: they stay in sight, so that the list does not jump under the hand.
  #touched = $state<string[]>([]);
  // Changed since verified when the list came: they keep their place on top.
  #changed = $state<string[]>([]);

  readonly #all = $derived(this.asked.answer?.items ?? []);
  readonly subjects = $derived([...new Set(this.#all.map((i) => placeOf(i.path).subject))].sort());

  readonly #shown = $derived(
    this.#all.filter(
      (i) =>
        (this.subject === '' || placeOf(i.path).subject === this.subject) &&
        (!this.critical || i.critical) &&
        (!this.open || i.verification !== 'verified' || this.#touched.includes(i.path)),
    ),
  );

  readonly sections = $derived.by(() => {
    const changed = this.#shown.filter((i) => this.#changed.includes(i.path));
    const forms = new Map<string, ReviewItemView[]>();
    for (const item of this.#shown) {
      if (this.#changed.includes(item.path)) continue;
      const form = placeOf(item.path).formPath;
      forms.set(form, [...(forms.get(form) ?? []), item]);
    }
    const byForm = [...forms]
      .map(([form, items]): Section => ({ key: form, subject: placeOf(form).subject, form, changed: false, items }))
      .sort((a, b) => a.subject.localeCompare(b.subject) || inCasebook(a.form) - inCasebook(b.form));
    const top: Section = { key: 'changed', subject: '', form: '', changed: true, items: changed };
    return changed.length > 0 ? [top, ...byForm] : byForm;
  });

  readonly #order = $derived(this.sections.flatMap((s) => s.items.map((i) => i.path)));

  async load(): Promise<void> {
    await this.asked.again();
    this.here ??= this.#order[0] ?? null;
  }

  step(by: 1 | -1): void {
    const at = this.here === null ? -1 : this.#order.indexOf(this.here);
    this.here = this.#order[Math.min(Math.max(at + by, 0), this.#order.length - 1)] ?? null;
  }

  /** Single letters act only while nobody is typing and no input method is composing. */
  key(e: KeyboardEvent, may: { verify: boolean; ask: boolean }): void {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
    const target = e.target instanceof HTMLElement ? e.target : null;
    if (target?.closest('input, textarea, select, [role=dialog], [role=listbox], [contenteditable]')) return;
    if (this.asking !== null) return;
    const letter = e.key.toLowerCase();
    if (letter === 'n') this.step(1);
    else if (letter === 'p') this.step(-1);
    else if (letter === 'v' && may.verify && this.here !== null) void this.verify(this.here, true);
    else if (letter === 'q' && may.ask && this.here !== null) this.asking = this.here;
    else return;
    e.preventDefault();
  }

  /** True when the core took it. `onward`: to the next one after it. */
  async verify(path: string, onward = false): Promise<boolean> {
    const item = this.#all.find((i) => i.path === path);
    if (item === undefined || item.verification === 'verified' || this.busy !== null) return false;
    const order = this.#order;
    const waits = (one: string) => this.#all.some((i) => i.path === one && i.verification !== 'verified');
    const next = order.slice(order.indexOf(path) + 1).find(waits) ?? null;
    const done = await this.#deed(path, () => save('verify', { path, version: item.version }));
    if (done && onward) this.here = next ?? path;
    return done;
  }

  async withdraw(path: string, reason: Reason): Promise<void> {
    await this.#deed(path, () => save('withdraw_verification', { path, reason }));
  }

  /** Item by item, each an entry of its own; what the core refuses stays and says why. */
  async verifyAll(section: Section): Promise<void> {
    const waiting = section.items.filter((i) => i.verification !== 'verified').map((i) => i.path);
    this.bulk = section.key;
    this.bulkLeft = waiting.length;
    for (const path of waiting) {
      if (this.bulk !== section.key) break;
      if (!(await this.verify(path))) break;
      this.bulkLeft -= 1;
    }
    this.bulk = null;
  }

  stop(): void {
    this.bulk = null;
  }

  /** A query now stands at the item. */
  asked_about(path: string): void {
    const item = this.#all.find((i) => i.path === path);
    if (item !== undefined) this.#replace({ ...item, queries: item.queries + 1 });
    this.asking = null;
  }

  async #deed(path: string, deed: () => Promise<ReviewItemView>): Promise<boolean> {
    this.busy = path;
    this.problem = null;
    this.problemAt = null;
    try {
      this.#replace(await deed());
      return true;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      this.problemAt = path;
      return false;
    } finally {
      this.busy = null;
    }
  }

  #replace(now: ReviewItemView): void {
    const view = this.asked.answer;
    if (view === null) return;
    if (!this.#touched.includes(now.path)) this.#touched = [...this.#touched, now.path];
    const items = view.items.map((i) => (i.path === now.path ? now : i));
    this.asked.answer = { ...view, items, verified: items.filter((i) => i.verification === 'verified').length };
  }
}
