// A sitting at one form: the drafts of its items, the queue of acts, and what the core answered last.
import type { Commands } from '../bindings/Commands';
import type { FormPath } from '../bindings/FormPath';
import type { FormView } from '../bindings/FormView';
import type { ItemPath } from '../bindings/ItemPath';
import type { ItemView } from '../bindings/ItemView';
import type { Problem } from '../bindings/Problem';
import type { Reason } from '../bindings/Reason';
import { act, asProblem } from '../core';
import { idleMinutes, noticeLock, placeOf, save, study } from '../state';
import { Draft } from './draft.svelte';
import { SaveQueue } from './queue';
import { enterRequest, type Assent } from './typed';

type Ask = <K extends keyof Commands>(name: K, request: Commands[K]['request']) => Promise<Commands[K]['answer']>;

/** How a sitting reaches the core: reading, and writing with the bar on top told what became of it. */
export interface Door {
  read: Ask;
  write: Ask;
}

/** However fast somebody types, no more than this is ever not kept in the file. */
const KEEP_EVERY_MS = 250;

/** Acts whose answer is the form itself. */
type FormAct = { [K in keyof Commands]: Commands[K]['answer'] extends FormView ? K : never }[keyof Commands];

export class Sitting {
  readonly form: FormPath;
  view: FormView | null = $state.raw(null);
  /** Nothing could be shown at all. */
  problem: Problem | null = $state.raw(null);
  /** The item whose change waits for a reason. */
  reasonFor: Draft | null = $state.raw(null);
  /** The item whose answer would hide others, with their OIDs and the reason given so far. */
  hiding: { draft: Draft; items: string[]; reason: Reason | null } | null = $state.raw(null);
  readonly #door: Door;
  readonly #queue = new SaveQueue();
  readonly #drafts = new Map<ItemPath, Draft>();
  readonly #timers = new Map<Draft, ReturnType<typeof setTimeout>>();
  readonly #keptAt = new Map<Draft, number>();

  constructor(form: FormPath, door: Door = { read: act, write: save }) {
    this.form = form;
    this.#door = door;
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.#queue.run(() => this.#door.read('form', { form: this.form })));
      this.problem = null;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      noticeLock(this.problem);
    }
  }

  #take(view: FormView): void {
    this.view = view;
    idleMinutes(view.idle_minutes);
    for (const group of view.groups)
      for (const row of group.rows) for (const item of row.items) this.#drafts.get(item.path)?.show(item);
  }

  /** The draft of an item; the same one as long as the sitting lasts. */
  draft(view: ItemView): Draft | null {
    const known = this.#drafts.get(view.path);
    if (known !== undefined) return known;
    const def = study.item(placeOf(view.path).item ?? '')?.item;
    if (def === undefined) return null;
    const draft = new Draft(view, def);
    this.#drafts.set(view.path, draft);
    return draft;
  }

  /** An act that answers with the form; its refusal goes to the caller. */
  async act<K extends FormAct>(name: K, request: Commands[K]['request']): Promise<void> {
    this.#take((await this.#queue.run(() => this.#door.write(name, request))) as FormView);
  }

  /** An act beside the form, after which the form is read again. */
  async beside<K extends keyof Commands>(name: K, request: Commands[K]['request']): Promise<void> {
    await this.#queue.run(() => this.#door.write(name, request));
    await this.load();
  }

  /**
   * Save an item, if what is typed is not what is stored. What was refused stays refused until it is typed anew or
   * the person asks once more.
   */
  async commit(draft: Draft, asked: { again?: boolean } & Partial<Assent> = {}): Promise<void> {
    const assent: Assent = { reason: asked.reason ?? null, hide: asked.hide ?? false };
    this.#hush(draft);
    if (draft.composing || draft.underway) return;
    if (draft.phase === 'refused' && asked.again !== true) return;
    if (!draft.differs) {
      if (!draft.held) draft.settle();
      await this.#forget(draft);
      return;
    }
    if (this.view?.reason_due === true && assent.reason === null) {
      draft.notSaved({ kind: 'refusal', code: 'reason_due', facts: [] });
      this.reasonFor = draft;
      void this.keep(draft);
      return;
    }
    const typed = draft.sending();
    const request = enterRequest(draft.view.path, typed, draft.byHand, assent);
    // The draft learns of the answer before the next act has its turn: that one may want to know what is saved.
    const problem = await this.#queue.run(async () => {
      try {
        const view = await this.#door.write('enter_value', request);
        draft.saved(typed);
        this.#take(view);
        return null;
      } catch (thrown) {
        const refusal = asProblem(thrown);
        draft.refused(typed, refusal);
        noticeLock(refusal);
        return refusal;
      }
    });
    if (problem === null) await this.#forget(draft);
    else await this.#refused(draft, problem, assent);
  }

  async #refused(draft: Draft, problem: Problem, assent: Assent): Promise<void> {
    if (problem.kind === 'refusal' && draft.phase === 'refused') {
      if (problem.code === 'reason_due') this.reasonFor = draft;
      if (problem.code === 'hides_answers') {
        const items = new Map(problem.facts).get('items') ?? '';
        this.hiding = { draft, items: items.split(', ').filter((oid) => oid !== ''), reason: assent.reason };
      }
    }
    await this.keep(draft);
  }

  /** The reason has been given, or the person went back to the item. */
  async giveReason(reason: Reason | null): Promise<void> {
    const draft = this.reasonFor;
    this.reasonFor = null;
    if (draft !== null && reason !== null) await this.commit(draft, { again: true, reason });
  }

  /** The person has seen which answers would be hidden. */
  async answerHiding(hide: boolean): Promise<void> {
    const asked = this.hiding;
    this.hiding = null;
    if (asked !== null && hide) await this.commit(asked.draft, { again: true, reason: asked.reason, hide });
  }

  /** Save every item that has something to save; of several that need a word from the person, the first asks. */
  async commitAll(again: boolean, which: (draft: Draft) => boolean = () => true): Promise<void> {
    const due = [...this.#drafts.values()].filter((draft) => draft.phase !== 'rest' && which(draft));
    await Promise.all(due.map((draft) => this.commit(draft, { again })));
    await this.#queue.settled();
  }

  /** Keep what is typed: the first stroke at once, then every so often while typing goes on. */
  keepSoon(draft: Draft): void {
    if (this.#timers.has(draft)) return;
    const since = performance.now() - (this.#keptAt.get(draft) ?? -KEEP_EVERY_MS);
    this.#timers.set(draft, setTimeout(() => void this.keep(draft), Math.max(0, KEEP_EVERY_MS - since)));
  }

  /** Everything typed and not saved goes into the file now. */
  async keepAll(): Promise<void> {
    await Promise.all([...this.#drafts.values()].map((draft) => this.keep(draft)));
  }

  async keep(draft: Draft): Promise<void> {
    this.#hush(draft);
    await this.#queue.run(async () => {
      // What waited its turn may have been saved meanwhile.
      const typed = draft.toKeep;
      if (typed === null) return;
      this.#keptAt.set(draft, performance.now());
      try {
        draft.kept = (await this.#door.read('keep_unfinished', { path: draft.view.path, typed })).kept;
      } catch (thrown) {
        draft.notSaved(asProblem(thrown));
      }
    });
  }

  /** What was typed in an earlier sitting is not wanted. */
  async forgetOffer(draft: Draft): Promise<void> {
    draft.offered = null;
    await this.#forget(draft);
  }

  async #forget(draft: Draft): Promise<void> {
    await this.#queue.run(async () => {
      if (!draft.kept || draft.offered !== null || draft.toKeep !== null) return;
      draft.kept = false;
      try {
        await this.#door.read('keep_unfinished', { path: draft.view.path, typed: null });
      } catch {
        // Still in the file: it is offered again on return, and tried again with the next save.
        draft.kept = true;
      }
    });
  }

  #hush(draft: Draft): void {
    clearTimeout(this.#timers.get(draft));
    this.#timers.delete(draft);
  }
}
