// One item under a person's hands: what is typed, what is stored, and whether the two agree.
// Invariant: an answer of the core never changes what a person is typing.
import type { ItemDef } from '../bindings/ItemDef';
import type { ItemView } from '../bindings/ItemView';
import type { Missing } from '../bindings/Missing';
import type { Problem } from '../bindings/Problem';
import type { Value } from '../bindings/Value';
import type { UnfinishedView } from '../bindings/UnfinishedView';
import { keptOf, sameTyped, typedOf, typedOfKept, type Typed } from './typed';

/** At rest, typed and not yet sent, on its way, or sent back. */
export type DraftPhase = 'rest' | 'typing' | 'saving' | 'refused';

export class Draft {
  readonly def: ItemDef;
  view: ItemView = $state.raw() as ItemView;
  typed: Typed = $state.raw() as Typed;
  phase: DraftPhase = $state('rest');
  problem: Problem | null = $state.raw(null);
  /** A scan field: typed by hand. */
  byHand = $state(false);
  /** What stood in the control when an input method began to compose; none while it does not. */
  #before: Typed | null = null;
  /** The cursor is in the item. */
  held = false;
  /** Something of this item lies in the file as typed and not saved. */
  kept = false;
  /** Offered from an earlier sitting. */
  offered: UnfinishedView | null = $state.raw(null);
  #sent: Typed | null = null;
  #typedAs = $state('');
  #underway: Typed[] = [];
  /** It is entered also if it is what is stored: of two values that two devices wrote, the one that stands. */
  #anew = false;

  constructor(view: ItemView, def: ItemDef) {
    this.def = def;
    this.view = view;
    this.typed = typedOf(view.value, def.kind);
    this.byHand = view.by_hand;
    this.offered = view.unfinished;
    this.kept = view.unfinished !== null;
  }

  /** What is typed is neither what is stored nor what was last stored under another spelling (`t`, full-width digits). */
  get differs(): boolean {
    if (this.#anew) return true;
    const stored = typedOf(this.view.value, this.def.kind);
    return !sameTyped(this.typed, stored) && !(this.#sent !== null && sameTyped(this.typed, this.#sent));
  }

  /** On its way already. */
  get underway(): boolean {
    const last = this.#underway.at(-1);
    return last !== undefined && sameTyped(last, this.typed);
  }

  /** What was typed, where the core read it in another spelling (`t`, full-width digits). */
  get readFrom(): string | null {
    if (this.phase !== 'rest' || this.#typedAs === '' || this.view.value === null) return null;
    return this.#typedAs === typedOf(this.view.value, this.def.kind).text ? null : this.#typedAs;
  }

  type(text: string): void {
    this.#change({ ...this.typed, text, missing: null });
  }
  chooseUnit(unit: string): void {
    this.#change({ ...this.typed, unit });
  }
  choose(codes: readonly string[]): void {
    this.#change({ ...this.typed, codes, missing: null });
  }
  chooseMissing(missing: Missing): void {
    this.#change({ ...typedOf(null, this.def.kind), missing });
  }
  empty(): void {
    this.#change(typedOf(null, this.def.kind));
  }
  /** Take up what was typed in an earlier sitting. */
  takeOffer(): void {
    if (this.offered === null) return;
    this.byHand = this.offered.by_hand;
    this.#change(typedOfKept(this.offered.input, this.def.kind));
    this.offered = null;
  }

  /** One of two values that two devices wrote is the right one; none: the item stays empty. */
  takeAnew(value: Value | null): void {
    this.#change(typedOf(value, this.def.kind));
    this.#anew = true;
    this.phase = 'typing';
  }

  #change(typed: Typed): void {
    this.#anew = false;
    this.typed = typed;
    this.#typedAs = '';
    if (!this.differs && this.#underway.length === 0) this.#rest();
    else this.phase = 'typing';
  }

  #rest(): void {
    this.phase = 'rest';
    this.problem = null;
  }

  sending(): Typed {
    this.#underway.push(this.typed);
    this.phase = 'saving';
    this.problem = null;
    return this.typed;
  }

  saved(typed: Typed): void {
    this.#underway.shift();
    this.#anew = false;
    this.#sent = typed;
    this.#typedAs = typed.text;
    this.offered = null;
    if (this.#underway.length > 0) return;
    if (sameTyped(this.typed, typed)) this.#rest();
    else this.phase = 'typing';
  }

  refused(typed: Typed, problem: Problem): void {
    this.#underway.shift();
    if (this.#underway.length > 0) return;
    if (sameTyped(this.typed, typed)) this.notSaved(problem);
    else this.phase = 'typing';
  }

  notSaved(problem: Problem): void {
    this.phase = 'refused';
    this.problem = problem;
  }

  /** A newer view of the item. The text changes only when nobody is typing and everything typed is stored. */
  show(view: ItemView): void {
    this.view = view;
    if (this.phase === 'rest' && !this.held) this.settle();
  }

  /** Back to the stored spelling; does nothing while something typed is not stored. */
  settle(): void {
    if (this.phase !== 'rest') return;
    this.typed = typedOf(this.view.value, this.def.kind);
    this.#sent = null;
  }

  /** An input method composes: a half syllable is neither saved nor kept. */
  get composing(): boolean {
    return this.#before !== null;
  }
  compose(begins: boolean): void {
    this.#before = begins ? (this.#before ?? this.typed) : null;
  }

  /** What to keep in the file until it is saved; nothing when there is nothing to keep. */
  get toKeep(): UnfinishedView | null {
    if (this.phase === 'rest' || !this.differs) return null;
    return { input: keptOf(this.#before ?? this.typed), by_hand: this.byHand };
  }
}
