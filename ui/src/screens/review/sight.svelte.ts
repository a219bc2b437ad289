// What of the list is drawn: a course of two years has thousands of items, and a window shows twenty. Heads of sections
// stand about the sight in any number a person reads; rows are drawn near it, and wherever the keys or the cursor are.
import { flushSync, tick } from 'svelte';
import type { ReviewItemView } from '../../bindings/ReviewItemView';
import { linesOf } from '../../components/windowed';
import type { ReviewList, Section } from './review.svelte';

export interface DrawnRow {
  item: ReviewItemView;
  /** Which of its section. */
  at: number;
  gap: number;
}
export interface DrawnSection {
  section: Section;
  /** It can be acted on: its rows are in sight or nearly, or somebody is at it. */
  near: boolean;
  gap: number;
  rows: DrawnRow[];
  rest: number;
}

// Heights until they are measured.
const ROW = 45;
const HEAD = 57;
/** Between two sections: their frames and the space. */
const BETWEEN = 18;
const BEYOND = 500;
/** What is drawn is looked at anew after so many pixels. */
const STEP = 250;
const HEADS = 300;

interface Heights {
  head: number;
  rows: number[];
  /** Of all its rows together. */
  all: number;
}

function whole(section: Section): DrawnSection {
  return { section, near: true, gap: 0, rows: section.items.map((item, at) => ({ item, at, gap: 0 })), rest: 0 };
}

export class Sight {
  #list: ReviewList;
  #top = $state(0);
  #height = $state(800);
  #onPaper = $state(false);
  /** Path of the row that holds the cursor: it does not go from under it. */
  #held = $state<string | null>(null);
  /** Key of the section whose head holds it. */
  #heldHead = $state<string | null>(null);
  #box: HTMLElement | null = null;
  #main: HTMLElement | null = null;
  /** Stays in place above the rows, and covers those that go under it. */
  #cover: HTMLElement | null = null;
  #width = 0;
  readonly #measured = new Map<string, number>();
  readonly #fars = new WeakMap<Section, DrawnSection>();

  constructor(list: ReviewList) {
    this.#list = list;
  }

  /** Where each item stands: in which section, and which there. */
  readonly #places = $derived.by(
    () => new Map(this.#list.sections.flatMap((section, n) => section.items.map((item, at) => [item.path, { n, at }] as const))),
  );

  readonly #heights = $derived.by(() => {
    // What was measured last counts from the next look on.
    void this.#top;
    return this.#list.sections.map((section): Heights => {
      const head = this.#measured.get(section.key) ?? HEAD;
      const rows = section.items.map((item) => this.#measured.get(item.path) ?? ROW);
      const all = rows.reduce((sum, one) => sum + one, 0);
      return { head, rows, all };
    });
  });

  readonly drawn = $derived.by((): { sections: DrawnSection[]; rest: number } => {
    const { sections } = this.#list;
    if (this.#onPaper) return { sections: sections.map((section) => whole(section)), rest: 0 };
    const [top, height, heights] = [this.#top, this.#height, this.#heights];
    const kept = [this.#list.here, this.#held].flatMap((path) => (path === null ? [] : (this.#places.get(path) ?? [])));
    // A section verified as a whole keeps what stops it, and the cursor keeps what it is on.
    const busy = [this.#list.bulk, this.#heldHead].map((key) => sections.findIndex((one) => one.key === key));
    const shown = linesOf(
      heights.map((one) => one.head + one.all + BETWEEN),
      top,
      height,
      { beyond: BEYOND, least: HEADS, keep: [...kept.map((one) => one.n), ...busy] },
    );
    const drawn = shown.lines.flatMap(({ at: n, y, gap }): DrawnSection[] => {
      const [section, tall] = [sections[n], heights[n]];
      if (section === undefined || tall === undefined) return [];
      const begin = y + tall.head;
      const near = y < top + height + BEYOND && begin + tall.all > top - BEYOND;
      const keep = kept.filter((one) => one.n === n).map((one) => one.at);
      if (!near && keep.length === 0) return [busy.includes(n) ? { section, near: true, gap, rows: [], rest: tall.all } : this.#far(section, gap, tall.all)];
      const { lines, rest } = linesOf(tall.rows, top - begin, height, { beyond: BEYOND, keep });
      const rows = lines.flatMap((line) => section.items.slice(line.at, line.at + 1).map((item) => ({ item, at: line.at, gap: line.gap })));
      return [{ section, near: true, gap, rows, rest }];
    });
    return { sections: drawn, rest: shown.rest };
  });

  /** A section without its rows: the same one as long as nothing about it is different, so that the page passes it over. */
  #far(section: Section, gap: number, rest: number): DrawnSection {
    const before = this.#fars.get(section);
    if (before !== undefined && before.gap === gap && before.rest === rest) return before;
    const now = { section, near: false, gap, rows: [], rest };
    this.#fars.set(section, now);
    return now;
  }

  /** Begins watching the list; what it returns ends it. */
  watch = (box: HTMLElement): (() => void) => {
    this.#box = box;
    this.#main = box.closest('main');
    const look = (): void => this.look();
    const held = (e: FocusEvent): void => {
      const line = e.target instanceof Element ? e.target.closest<HTMLElement>('[data-path], [data-head]') : null;
      this.#held = line?.dataset.path ?? null;
      this.#heldHead = line?.dataset.head ?? null;
      // The keys act where the cursor is.
      if (this.#held !== null) this.#list.here = this.#held;
    };
    const gone = (): void => void (this.#held = this.#heldHead = null);
    const [paper, screen] = [true, false].map((now) => (): void => void (this.#onPaper = now)) as [() => void, () => void];
    const size = new ResizeObserver(look);
    size.observe(box);
    if (this.#main !== null) size.observe(this.#main);
    this.#main?.addEventListener('scroll', look, { passive: true });
    box.addEventListener('focusin', held);
    box.addEventListener('focusout', gone);
    addEventListener('beforeprint', paper);
    addEventListener('afterprint', screen);
    return () => {
      size.disconnect();
      this.#main?.removeEventListener('scroll', look);
      box.removeEventListener('focusin', held);
      box.removeEventListener('focusout', gone);
      removeEventListener('beforeprint', paper);
      removeEventListener('afterprint', screen);
      this.#box = this.#main = null;
    };
  };

  cover = (bar: HTMLElement): (() => void) => {
    this.#cover = bar;
    return () => (this.#cover = null);
  };

  /** Draws what came near. What is in sight stays where it is, though rows above it turn out taller than was thought. */
  look(): void {
    const [box, main] = [this.#box, this.#main];
    if (box === null || main === null || this.#onPaper) return;
    const edge = main.getBoundingClientRect();
    const top = edge.top - box.getBoundingClientRect().top;
    const height = main.clientHeight || this.#height;
    if (Math.abs(top - this.#top) < STEP && height === this.#height && edge.width === this.#width) return;
    if (edge.width !== this.#width) this.#measured.clear();
    this.#width = edge.width;
    this.#measure();
    const anchor = this.#lines().find((line) => line.getBoundingClientRect().bottom > edge.top);
    const stood = anchor?.getBoundingClientRect().top ?? 0;
    this.#top = top;
    this.#height = height;
    flushSync();
    this.#measure();
    if (anchor === undefined || !anchor.isConnected) return;
    const moved = anchor.getBoundingClientRect().top - stood;
    if (Math.abs(moved) >= 1) main.scrollTop += moved;
  }

  /** The row that the keys are at comes into sight, and the cursor with it. */
  async bring(): Promise<void> {
    await tick();
    const row = this.#rowOf(this.#list.here);
    if (row === undefined) return;
    row.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
    this.look();
    const covered = this.#open().top - row.getBoundingClientRect().top;
    if (covered > 0 && this.#main !== null) this.#main.scrollTop -= covered;
  }

  /** Whether a row can be read where the list stands: all of it, or of a very tall one what half the place holds. */
  sees(path: string): boolean {
    const row = this.#rowOf(path)?.getBoundingClientRect();
    if (row === undefined) return false;
    const { top, bottom } = this.#open();
    const seen = Math.min(row.bottom, bottom) - Math.max(row.top, top);
    return seen >= Math.min(row.height, (bottom - top) / 2) - 1;
  }

  /** From where to where rows are seen. */
  #open(): { top: number; bottom: number } {
    const { top = 0, bottom = innerHeight } = this.#main?.getBoundingClientRect() ?? {};
    return { top: Math.max(top, this.#cover?.getBoundingClientRect().bottom ?? top), bottom };
  }

  #rowOf(path: string | null): HTMLElement | undefined {
    return this.#lines().find((line) => line.dataset.path !== undefined && line.dataset.path === path);
  }

  #lines(): HTMLElement[] {
    return [...(this.#box?.querySelectorAll<HTMLElement>('[data-path], [data-head]') ?? [])];
  }

  #measure(): void {
    for (const line of this.#lines()) {
      const key = line.dataset.path ?? line.dataset.head ?? '';
      if (line.offsetHeight > 0) this.#measured.set(key, line.offsetHeight);
    }
  }
}
