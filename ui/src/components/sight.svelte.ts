// Where a long list stands in the page: what is in sight or near it, where the cursor is, how tall its lines turned out.
// Whoever shows the list draws by it (see `linesOf`) and marks each line that it draws.
import { flushSync } from 'svelte';
import { linesOf } from './windowed';

export interface Marks {
  /** Which elements of the box are its lines. */
  lines: string;
  keyOf: (line: HTMLElement) => string;
  /** The cursor came to a line. */
  onheld?: (line: HTMLElement) => void;
}

export interface DrawnLine<T> {
  item: T;
  /** Which of the list. */
  at: number;
  /** Height left out before it. */
  gap: number;
}

/** Pixels drawn beyond the sight, each way. */
export const BEYOND = 500;
/** What is drawn is looked at anew after so many pixels. */
const STEP = 250;

/** Where the End key has a meaning of its own. */
const OWN_END = 'input, textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=dialog], [role=menu], [role=tablist]';

export class Sight {
  readonly #marks: Marks;
  #top = $state(0);
  #height = $state(800);
  #onPaper = $state(false);
  /** Key of the line that holds the cursor: it does not go from under it. */
  #held = $state<string | null>(null);
  #box: HTMLElement | null = null;
  #main: HTMLElement | null = null;
  #width = 0;
  readonly #measured = new Map<string, number>();

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  /** How far the box is scrolled out of the sight above. */
  get top(): number {
    return this.#top;
  }
  get height(): number {
    return this.#height;
  }
  get onPaper(): boolean {
    return this.#onPaper;
  }
  get held(): string | null {
    return this.#held;
  }
  /** What scrolls. */
  get main(): HTMLElement | null {
    return this.#main;
  }

  /** How tall lines turned out, by their keys. What was measured last counts from the next look on. */
  get measured(): ReadonlyMap<string, number> {
    void this.#top;
    return this.#measured;
  }

  /** Of a list that is nothing but lines: which are drawn, `least` of them at least, and the height left out after the last. */
  drawn<T>(items: readonly T[], keyOf: (item: T) => string, guess: number, least = 0): { lines: DrawnLine<T>[]; rest: number } {
    if (this.#onPaper) return { lines: items.map((item, at) => ({ item, at, gap: 0 })), rest: 0 };
    const { measured } = this;
    const keys = items.map(keyOf);
    const { lines, rest } = linesOf(
      keys.map((key) => measured.get(key) ?? guess),
      this.#top,
      this.#height,
      { beyond: BEYOND, keep: this.#held === null ? [] : [keys.indexOf(this.#held)], least },
    );
    return { lines: lines.flatMap(({ at, gap }) => items.slice(at, at + 1).map((item) => ({ item, at, gap }))), rest };
  }

  /** Begins watching the box; what it returns ends it. */
  watch = (box: HTMLElement): (() => void) => {
    this.#box = box;
    this.#main = box.closest('main');
    const look = (): void => this.look();
    const held = (e: FocusEvent): void => {
      const line = e.target instanceof Element ? e.target.closest<HTMLElement>(this.#marks.lines) : null;
      this.#held = line === null ? null : this.#marks.keyOf(line);
      if (line !== null) this.#marks.onheld?.(line);
    };
    const gone = (): void => void (this.#held = null);
    const [paper, screen] = [true, false].map((now) => (): void => void (this.#onPaper = now)) as [() => void, () => void];
    const jump = (e: KeyboardEvent): void => this.#jump(e);
    const size = new ResizeObserver(look);
    size.observe(box);
    if (this.#main !== null) size.observe(this.#main);
    this.#main?.addEventListener('scroll', look, { passive: true });
    box.addEventListener('focusin', held);
    box.addEventListener('focusout', gone);
    addEventListener('keydown', jump);
    addEventListener('beforeprint', paper);
    addEventListener('afterprint', screen);
    return () => {
      size.disconnect();
      this.#main?.removeEventListener('scroll', look);
      box.removeEventListener('focusin', held);
      box.removeEventListener('focusout', gone);
      removeEventListener('keydown', jump);
      removeEventListener('beforeprint', paper);
      removeEventListener('afterprint', screen);
      this.#box = this.#main = null;
    };
  };

  /** Draws what came near. What is in sight stays where it is, though lines above it turn out taller than was thought. */
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
    const anchor = this.lines().find((line) => line.getBoundingClientRect().bottom > edge.top);
    const stood = anchor?.getBoundingClientRect().top ?? 0;
    const atEnd = main.scrollTop + main.clientHeight >= main.scrollHeight - 1;
    this.#top = top;
    this.#height = height;
    flushSync();
    this.#measure();
    if (anchor === undefined || !anchor.isConnected) {
      // Whoever went to the end at once is there, however tall it turns out.
      if (atEnd && main.scrollTop > 0) main.scrollTop = main.scrollHeight;
      return;
    }
    const moved = anchor.getBoundingClientRect().top - stood;
    if (Math.abs(moved) >= 1) main.scrollTop += moved;
  }

  /** End and Home, at once: the page would go to where it takes the end to be, or on its way up be held by what is drawn. */
  #jump(e: KeyboardEvent): void {
    const main = this.#main;
    if (main === null || (e.key !== 'End' && e.key !== 'Home') || e.defaultPrevented || e.shiftKey || e.altKey) return;
    const at = e.target instanceof Element ? e.target : document.body;
    if ((at !== document.body && !main.contains(at)) || at.closest(OWN_END) !== null) return;
    e.preventDefault();
    if (e.key === 'Home') {
      main.scrollTop = 0;
      this.look();
      return;
    }
    for (let before = -1, turn = 0; before !== main.scrollTop && turn < 20; turn += 1) {
      before = main.scrollTop;
      main.scrollTop = main.scrollHeight;
      this.look();
    }
  }

  /** What is drawn of the list now. */
  lines(): HTMLElement[] {
    return [...(this.#box?.querySelectorAll<HTMLElement>(this.#marks.lines) ?? [])];
  }

  #measure(): void {
    for (const line of this.lines()) {
      if (line.offsetHeight > 0) this.#measured.set(this.#marks.keyOf(line), line.offsetHeight);
    }
  }
}
