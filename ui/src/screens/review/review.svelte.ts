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

/** The form an item stands on: a path begins with it. A list of thousands asks this at every key. */
function formOf(path: string): string {
  return path.split('/', 3).join('/');
}
const subjectOf = (path: string): string => path.slice(0, path.indexOf('/'));
const waits = (item: ReviewItemView): boolean => item.verification !== 'verified';

/** Where a letter is typed, or finds a choice by its first letters. */
const TAKES_LETTERS = 'input, textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=dialog], [aria-haspopup]';
/** What lies over the list while it is open. */
const OVER = ['[role=dialog]', '[role=alertdialog]', '[role=listbox]', '[role=menu]'].map((one) => `${one}:not([data-state=closed])`).join();

export class ReviewList {
  readonly asked = new Asked(async () => {
    const view = await act('review', { subject: this.subject === '' ? null : this.subject });
    this.#touched = new Set();
    this.#changed = new Set(view.items.filter((i) => i.verification === 'changed').map((i) => i.path));
    return view;
  });
  subject = $state('');
  /** Only what still waits. */
  open = $state(true);
  /** Only items of special weight. */
  critical = $state(false);
  /** Path of the item the keys act on. */
  here = $state<string | null>(null);
  /** How often the keys have acted: the item they are at comes into sight, and the cursor with it. */
  walked = $state(0);
  /** Path of the item that a key only brought into sight. */
  brought = $state<string | null>(null);
  /** Path of the item that something is done to just now. */
  busy = $state<string | null>(null);
  /** Paths of items that the hand asked to verify and whose turn has yet to come or to end. */
  sought = $state.raw<ReadonlySet<string>>(new Set());
  /** What was refused since somebody last asked for something, by path. */
  problems = $state.raw<ReadonlyMap<string, Problem>>(new Map());
  asking = $state<string | null>(null);
  /** Path of the item whose verification is being taken back. */
  withdrawing = $state<string | null>(null);
  /** Section verified as a whole just now, and how many are left. */
  bulk = $state<string | null>(null);
  bulkLeft = $state(0);
  /** Which going through a section it is: one that was stopped ends, though another begins before its last item is through. */
  #round = 0;
  #lastDeed: Promise<unknown> = Promise.resolve();
  // Verified in this sitting: they stay in sight, so that the list does not jump under the hand.
  #touched = $state.raw<ReadonlySet<string>>(new Set());
  // Changed since verified when the list came: they keep their place on top.
  #changed = $state.raw<ReadonlySet<string>>(new Set());

  readonly #all = $derived(this.asked.answer?.items ?? []);
  readonly subjects = $derived(this.asked.answer?.subjects ?? []);
  /** How many subjects' items are here, when they are not everybody's. */
  readonly first = $derived.by(() => {
    const here = this.subjects.filter((one) => one.here).length;
    return this.subject === '' && here < this.subjects.length ? here : null;
  });
  /** Of those that are not here something waits. */
  readonly moreWaits = $derived(this.first !== null && this.subjects.some((one) => !one.here && one.verified < one.all));
  /** Nothing that is here waits any more. */
  readonly doneHere = $derived(!this.#all.some(waits));

  readonly #shown = $derived(
    this.#all.filter(
      (i) =>
        (this.subject === '' || subjectOf(i.path) === this.subject) &&
        (!this.critical || i.critical) &&
        (!this.open || waits(i) || this.#touched.has(i.path)),
    ),
  );

  readonly sections = $derived.by(() => {
    const changed: ReviewItemView[] = [];
    const forms = new Map<string, ReviewItemView[]>();
    for (const item of this.#shown) {
      const form = formOf(item.path);
      const items = this.#changed.has(item.path) ? changed : forms.get(form);
      if (items === undefined) forms.set(form, [item]);
      else items.push(item);
    }
    const places = new Map([...forms.keys()].map((form) => [form, inCasebook(form)]));
    const byForm = [...forms]
      .map(([form, items]) => this.#same({ key: form, subject: subjectOf(form), form, changed: false, items }))
      .sort((a, b) => a.subject.localeCompare(b.subject) || (places.get(a.form) ?? 0) - (places.get(b.form) ?? 0));
    if (changed.length === 0) return byForm;
    return [this.#same({ key: 'changed', subject: '', form: '', changed: true, items: changed }), ...byForm];
  });

  /** The section of before where nothing in it is different: one verified item leaves two hundred forms as they were. */
  readonly #before = new Map<string, Section>();
  #same(now: Section): Section {
    const before = this.#before.get(now.key);
    if (before?.items.length === now.items.length && now.items.every((item, n) => item === before.items[n])) return before;
    this.#before.set(now.key, now);
    return now;
  }

  readonly #order = $derived(this.sections.flatMap((s) => s.items.map((i) => i.path)));

  async load(): Promise<void> {
    await this.asked.again();
    if (this.here === null || !this.#order.includes(this.here)) this.here = this.#order[0] ?? null;
  }

  /** Another subject, or everybody: what is not here yet is asked for. */
  choose(subject: string): void {
    this.subject = subject;
    const wanted = this.subjects.filter((one) => subject === '' || one.subject === subject);
    if (!wanted.every((one) => one.here)) void this.load();
  }

  step(by: 1 | -1): void {
    const at = this.here === null ? -1 : this.#order.indexOf(this.here);
    this.here = this.#order[Math.min(Math.max(at + by, 0), this.#order.length - 1)] ?? null;
    this.brought = null;
    this.walked += 1;
  }

  /** Single letters act only while nobody is typing, no input method is composing and nothing lies over the list. */
  key(e: KeyboardEvent, may: { verify: boolean; ask: boolean }, sees: (path: string) => boolean): void {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.repeat) return;
    const target = e.target instanceof HTMLElement ? e.target : null;
    if (target?.closest(TAKES_LETTERS) || document.querySelector(OVER) !== null) return;
    if (this.asking !== null || this.withdrawing !== null) return;
    const letter = e.key.toLowerCase();
    if (letter === 'n') this.step(1);
    else if (letter === 'p') this.step(-1);
    else if (letter === 'v' && may.verify) this.#atHere(sees, (path) => void this.verify(path, true));
    else if (letter === 'q' && may.ask) this.#atHere(sees, (path) => (this.asking = path));
    else return;
    e.preventDefault();
  }

  /** Nothing is done to a row that nobody sees: it is shown first, and the key is pressed again. */
  #atHere(sees: (path: string) => boolean, deed: (path: string) => void): void {
    const shown = this.here !== null && this.#order.includes(this.here);
    if (!shown) this.here = this.#order[0] ?? null;
    this.brought = null;
    if (this.here === null) return;
    if (shown && sees(this.here)) return deed(this.here);
    this.brought = this.here;
    this.walked += 1;
  }

  /** True when it is verified. `onward`: to the next one after it. */
  async verify(path: string, onward = false): Promise<boolean> {
    const item = this.#all.find((i) => i.path === path);
    if (item === undefined || !waits(item) || this.waitsAt(path)) return false;
    const waiting = new Set(this.#all.filter(waits).map((i) => i.path));
    const order = this.#order;
    const next = order.slice(order.indexOf(path) + 1).find((one) => waiting.has(one)) ?? null;
    this.problems = new Map();
    this.sought = new Set(this.sought).add(path);
    const done = await this.#inTurn(() => this.#verified(item));
    this.sought = new Set([...this.sought].filter((one) => one !== path));
    if (!onward) return done;
    // What was refused is looked at where it stands; who went elsewhere meanwhile stays there.
    if (!done) this.here = path;
    else if (this.here === path) this.here = next ?? path;
    this.walked += 1;
    return done;
  }

  /** Somebody asked for it already: it is under way, or its turn comes. */
  waitsAt(path: string): boolean {
    return this.busy === path || this.sought.has(path);
  }

  /** Takes back the verification that it was asked of. */
  async withdraw(reason: Reason): Promise<void> {
    const path = this.withdrawing;
    this.withdrawing = null;
    if (path === null) return;
    this.problems = new Map();
    await this.#inTurn(() => this.#deed(path, () => save('withdraw_verification', { path, reason })));
  }

  /**
   * Item by item, each an entry of its own; what the core refuses stays and says why. Ends where a filter takes the rest
   * away. One section at a time.
   */
  async verifyAll(section: Section): Promise<void> {
    if (this.bulk !== null) return;
    const round = (this.#round += 1);
    const goesOn = (path: string): boolean => this.#round === round && this.#order.includes(path);
    const waiting = section.items.filter(waits);
    this.problems = new Map();
    this.bulk = section.key;
    this.bulkLeft = waiting.length;
    for (const item of waiting) {
      const done = await this.#inTurn(async () => goesOn(item.path) && this.#verified(item));
      // Whoever stopped it may have begun another.
      if (this.#round !== round) return;
      if (!done) break;
      this.bulkLeft -= 1;
    }
    this.bulk = null;
  }

  stop(): void {
    this.#round += 1;
    this.bulk = null;
  }

  /** A query now stands at the item. */
  asked_about(path: string): void {
    const item = this.#all.find((i) => i.path === path);
    if (item !== undefined) this.#replace({ ...item, queries: item.queries + 1 });
    this.asking = null;
  }

  /** One deed after another: the hand may ask while a section is gone through. */
  #inTurn(deed: () => Promise<boolean>): Promise<boolean> {
    const mine = this.#lastDeed.then(deed);
    this.#lastDeed = mine;
    return mine;
  }

  /** Verifies what was seen of an item, if nobody did before its turn came. */
  async #verified({ path, version }: ReviewItemView): Promise<boolean> {
    const now = this.#all.find((i) => i.path === path);
    if (now === undefined) return false;
    return !waits(now) || this.#deed(path, () => save('verify', { path, version }));
  }

  /** Never throws: what is refused stands at the item. */
  async #deed(path: string, deed: () => Promise<ReviewItemView>): Promise<boolean> {
    this.busy = path;
    try {
      this.#replace(await deed());
      return true;
    } catch (thrown) {
      this.problems = new Map(this.problems).set(path, asProblem(thrown));
      return false;
    } finally {
      this.busy = null;
    }
  }

  #replace(now: ReviewItemView): void {
    const view = this.asked.answer;
    if (view === null) return;
    if (!this.#touched.has(now.path)) this.#touched = new Set(this.#touched).add(now.path);
    const before = view.items.find((i) => i.path === now.path);
    const more = before === undefined ? 0 : Number(!waits(now)) - Number(!waits(before));
    const items = view.items.map((i) => (i.path === now.path ? now : i));
    const whose = subjectOf(now.path);
    const subjects = view.subjects.map((one) => (one.subject === whose ? { ...one, verified: one.verified + more } : one));
    this.asked.answer = { ...view, items, subjects, verified: view.verified + more };
  }
}
