// What of the list is drawn: a course of two years has thousands of items, and a window shows twenty. Heads of sections
// stand about the sight in any number a person reads; rows are drawn near it, and wherever the keys or the cursor are.
import { tick } from 'svelte';
import type { ReviewItemView } from '../../bindings/ReviewItemView';
import { BEYOND, Sight, type DrawnLine } from '../../components/sight.svelte';
import { linesOf } from '../../components/windowed';
import type { ReviewList, Section } from './review.svelte';

export interface DrawnSection {
  section: Section;
  /** It can be acted on: its rows are in sight or nearly, or somebody is at it. */
  near: boolean;
  gap: number;
  rows: DrawnLine<ReviewItemView>[];
  rest: number;
}

// Heights until they are measured.
const ROW = 45;
const HEAD = 57;
/** Between two sections: their frames and the space. */
const BETWEEN = 18;
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

export class ReviewSight {
  readonly #list: ReviewList;
  readonly #sight = new Sight({
    lines: '[data-path], [data-head]',
    keyOf: (line) => line.dataset.path ?? line.dataset.head ?? '',
    // The keys act where the cursor is.
    onheld: (line) => (this.#list.here = line.dataset.path ?? this.#list.here),
  });
  readonly watch = this.#sight.watch;
  /** Stays in place above the rows, and covers those that go under it. */
  #cover: HTMLElement | null = null;
  readonly #fars = new WeakMap<Section, DrawnSection>();

  constructor(list: ReviewList) {
    this.#list = list;
  }

  /** Where each item stands: in which section, and which there. */
  readonly #places = $derived.by(
    () => new Map(this.#list.sections.flatMap((section, n) => section.items.map((item, at) => [item.path, { n, at }] as const))),
  );

  readonly #heights = $derived.by(() => {
    const { measured } = this.#sight;
    return this.#list.sections.map((section): Heights => {
      const rows = section.items.map((item) => measured.get(item.path) ?? ROW);
      return { head: measured.get(section.key) ?? HEAD, rows, all: rows.reduce((sum, one) => sum + one, 0) };
    });
  });

  readonly drawn = $derived.by((): { sections: DrawnSection[]; rest: number } => {
    const { sections } = this.#list;
    if (this.#sight.onPaper) return { sections: sections.map((section) => whole(section)), rest: 0 };
    const { top, height, held } = this.#sight;
    const heights = this.#heights;
    const kept = [this.#list.here, held].flatMap((path) => (path === null ? [] : (this.#places.get(path) ?? [])));
    // A section verified as a whole keeps what stops it, and the cursor keeps what it is on.
    const busy = [this.#list.bulk, held].map((key) => sections.findIndex((one) => one.key === key));
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

  cover = (bar: HTMLElement): (() => void) => {
    this.#cover = bar;
    return () => (this.#cover = null);
  };

  /** The row that the keys are at comes into sight, and the cursor with it. */
  async bring(): Promise<void> {
    await tick();
    const row = this.#rowOf(this.#list.here);
    if (row === undefined) return;
    row.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
    this.#sight.look();
    const covered = this.#open().top - row.getBoundingClientRect().top;
    const { main } = this.#sight;
    if (covered > 0 && main !== null) main.scrollTop -= covered;
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
    const { top = 0, bottom = innerHeight } = this.#sight.main?.getBoundingClientRect() ?? {};
    return { top: Math.max(top, this.#cover?.getBoundingClientRect().bottom ?? top), bottom };
  }

  #rowOf(path: string | null): HTMLElement | undefined {
    return this.#sight.lines().find((line) => line.dataset.path !== undefined && line.dataset.path === path);
  }
}
