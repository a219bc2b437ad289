// The form screen's controller: the sitting, the groups that are asked, rows being added, keys, and the way about.
import type { FormDef } from '../../bindings/FormDef';
import type { ItemDef } from '../../bindings/ItemDef';
import type { ItemGroupDef } from '../../bindings/ItemGroupDef';
import type { ItemView } from '../../bindings/ItemView';
import type { Problem } from '../../bindings/Problem';
import type { VisitView } from '../../bindings/VisitView';
import { act, asProblem } from '../../core';
import type { Draft } from '../../entry/draft.svelte';
import { nextStop, stopBefore, type Hands } from '../../entry/hands';
import { itemPath } from '../../entry/mark';
import { Sitting, type Door } from '../../entry/sitting.svelte';
import { formPathOf, LEAVING, placeOf, readRecords, records, SITE, study, type Leaving, type Place } from '../../state';

export interface RowShown {
  no: number;
  items: { view: ItemView; def: ItemDef; draft: Draft }[];
  /** Begun on the page, nothing saved in it yet. */
  fresh: boolean;
}

export interface GroupShown {
  def: ItemGroupDef;
  rows: RowShown[];
  asked: number;
  answered: number;
  /** Items with a finding that blocks completing. */
  hard: number;
}

function blank(path: string): ItemView {
  return {
    path,
    shown: true,
    broken: null,
    value: null,
    version: 0,
    by_hand: false,
    under: null,
    canonical: null,
    unfinished: null,
    verification: 'none',
    queries: [],
    findings: [],
    derived: null,
    normal: null,
  };
}

export class FormPage {
  readonly place: Place;
  readonly sitting: Sitting;
  readonly hands: Hands;
  /** Forms of the same visit, for the way on. */
  visit: VisitView | null = $state.raw(null);
  /** The group the cursor is in. */
  at: string | null = $state(null);
  /** Rows begun and not yet saved: group and number. */
  #fresh: readonly { group: string; no: number }[] = $state.raw([]);
  readonly #root: () => HTMLElement | null;

  constructor(form: string, root: () => HTMLElement | null, door?: Door) {
    this.place = placeOf(form);
    this.#root = root;
    const sitting = new Sitting(form, door);
    this.sitting = sitting;
    this.hands = {
      get readonly() {
        return sitting.view?.may_enter !== null;
      },
      typed: (draft) => sitting.keepSoon(draft),
      commit: (draft) => void sitting.commit(draft),
      next: (draft) => this.#goOn(draft, nextStop),
      back: (draft) => this.#goOn(draft, stopBefore),
    };
  }

  get def(): FormDef | undefined {
    return study.form(this.place.form);
  }

  /** A record of a register, not a form of a subject. */
  get ofSite(): boolean {
    return this.place.subject === SITE;
  }

  /** One more of the same, where the form repeats or the register goes on. */
  get another(): string | null {
    if (this.ofSite) return records.register(this.place.visit)?.next ?? null;
    if (this.def?.repeats !== true || this.visit === null) return null;
    const held = this.visit.forms.map((f) => placeOf(f.form)).filter((at) => at.form === this.place.form);
    const { subject, visit, visitNo, form } = this.place;
    return formPathOf(subject, visit, visitNo, form, 1 + Math.max(this.place.formNo, ...held.map((at) => at.formNo)));
  }

  /** States of the neighbouring forms; the form itself does not wait for them. */
  async refreshVisit(): Promise<void> {
    if (this.ofSite) return readRecords();
    try {
      const subject = await act('subject', { subject: this.place.subject });
      this.visit =
        subject.visits.find((v) => v.visit === this.place.visit && v.no === this.place.visitNo) ?? null;
    } catch {
      // Without it the page only lacks the way to the neighbours.
      this.visit = null;
    }
  }

  /** Until `leave`, whoever locks or closes waits for what is typed here. */
  async open(): Promise<void> {
    window.addEventListener(LEAVING, this.#leaving);
    await this.sitting.load();
    await this.refreshVisit();
  }

  leave(): void {
    window.removeEventListener(LEAVING, this.#leaving);
    void this.sitting.keepAll();
  }

  readonly #leaving = (e: Event): void => {
    (e as CustomEvent<Leaving>).detail.wait.push(this.sitting.keepAll());
  };

  /** What is asked, in the order of the definition. */
  readonly groups: GroupShown[] = $derived.by(() => this.#shown());

  #shown(): GroupShown[] {
    const out: GroupShown[] = [];
    for (const view of this.sitting.view?.groups ?? []) {
      const def = this.def?.groups.find((g) => g.oid === view.group);
      if (def === undefined || !view.shown) continue;
      const rows = view.rows.map((row) => this.#row(def, row.row, row.items, false));
      for (const { group, no } of this.#fresh) {
        if (group !== def.oid || rows.some((row) => row.no === no)) continue;
        const items = def.items.map((item) => blank(itemPath(this.sitting.form, group, no, item.oid)));
        rows.push(this.#row(def, no, items, true));
      }
      const counted = rows.flatMap((row) => row.items).filter((i) => i.def.kind.kind !== 'derived');
      out.push({
        def,
        rows,
        asked: counted.length,
        answered: counted.filter((i) => i.view.value !== null).length,
        hard: counted.filter((i) => i.view.findings.some((f) => f.severity === 'hard' && f.kind !== 'required')).length,
      });
    }
    return out;
  }

  #row(def: ItemGroupDef, no: number, views: readonly ItemView[], fresh: boolean): RowShown {
    const items: RowShown['items'] = [];
    for (const view of views) {
      const item = def.items.find((i) => i.oid === placeOf(view.path).item);
      const draft = view.shown ? this.sitting.draft(view) : null;
      if (item !== undefined && draft !== null) items.push({ view, def: item, draft });
    }
    return { no, items, fresh };
  }

  addRow(group: ItemGroupDef): void {
    const view = this.sitting.view?.groups.find((g) => g.group === group.oid);
    const taken = this.#fresh.filter((f) => f.group === group.oid).map((f) => f.no);
    const no = Math.max(view?.next_row ?? 1, ...taken.map((n) => n + 1));
    this.#fresh = [...this.#fresh, { group: group.oid, no }];
    const first = group.items[0];
    if (first !== undefined) setTimeout(() => this.bringIntoView(itemPath(this.sitting.form, group.oid, no, first.oid)));
  }

  /** A row in which nothing was saved simply goes again. */
  dropFresh(group: string, no: number): void {
    this.#fresh = this.#fresh.filter((f) => f.group !== group || f.no !== no);
  }

  /** Items whose text is not stored. */
  get unsaved(): Draft[] {
    return this.groups.flatMap((g) => g.rows.flatMap((r) => r.items.map((i) => i.draft))).filter((d) => d.phase !== 'rest');
  }

  #element(path: string): HTMLElement | null {
    return this.#root()?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`) ?? null;
  }

  bringIntoView(path: string): void {
    const element = this.#element(path);
    element?.scrollIntoView({ block: 'center' });
    (element?.querySelector<HTMLElement>('[data-stop]') ?? element)?.focus({ preventScroll: true });
  }

  #goOn(draft: Draft, way: typeof nextStop): void {
    void this.sitting.commit(draft, { again: true });
    const root = this.#root();
    const from = this.#element(draft.view.path);
    if (root === null || from === null) return;
    const next = way(root, from);
    next?.focus();
    next?.closest('[data-path]')?.scrollIntoView({ block: 'nearest' });
  }

  /** Completing is under way, and what spoke against it last. */
  finishing = $state(false);
  trouble: Problem | null = $state.raw(null);

  /** Saves what is typed, then completes; what still prevents it is where the cursor goes. */
  async finish(): Promise<void> {
    if (this.finishing) return;
    this.finishing = true;
    this.trouble = null;
    try {
      await this.sitting.commitAll(true);
      const [unsaved] = this.unsaved;
      const [blocker] = this.sitting.view?.blockers ?? [];
      const first = unsaved?.view.path ?? blocker?.path;
      if (first !== undefined) {
        this.bringIntoView(first);
        return;
      }
      await this.sitting.act('complete_form', { form: this.sitting.form });
      await this.refreshVisit();
    } catch (thrown) {
      this.trouble = asProblem(thrown);
    } finally {
      this.finishing = false;
    }
  }

  /** Where work goes on: what was typed and not saved, else the first item without an answer. */
  begin(): void {
    const { view, groups } = { view: this.sitting.view, groups: this.groups };
    if (this.hands.readonly || (view?.state !== 'empty' && view?.state !== 'started')) return;
    const items = groups.flatMap((g) => g.rows.flatMap((r) => r.items)).filter((i) => i.def.kind.kind !== 'derived');
    const next = items.find((i) => i.draft.offered !== null) ?? items.find((i) => i.view.value === null);
    if (next === undefined) return;
    const element = this.#element(next.view.path);
    if (next !== items[0]) element?.scrollIntoView({ block: 'center' });
    element?.querySelector<HTMLElement>('[data-stop]')?.focus({ preventScroll: true });
  }

  key(e: KeyboardEvent): void {
    if (e.isComposing || e.keyCode === 229 || e.defaultPrevented || !(e.ctrlKey || e.metaKey)) return;
    // A question that waits for its answer has the keys.
    if (this.sitting.reasonFor !== null || this.sitting.hiding !== null) return;
    const { state } = this.sitting.view ?? { state: 'complete' };
    if (e.key.toLowerCase() === 's') void this.sitting.commitAll(true);
    else if (e.key === 'Enter' && (state === 'empty' || state === 'started')) void this.finish();
    else return;
    e.preventDefault();
  }

  /** The cursor came to an item: its group is the one the outline shows. */
  focus(e: FocusEvent): void {
    const item = e.target instanceof Element ? e.target.closest('[data-path]') : null;
    const path = item?.getAttribute('data-path') ?? null;
    if (path !== null) this.at = placeOf(path).group;
  }

  pointer(e: PointerEvent): void {
    const item = e.target instanceof Element ? e.target.closest('[data-path]') : null;
    const path = item?.getAttribute('data-path') ?? null;
    void this.sitting.commitAll(false, (draft) => draft.view.path !== path);
  }
}
