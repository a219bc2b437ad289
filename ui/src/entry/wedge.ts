// A keyboard-wedge scanner types faster than a hand: whoever is slower than this between two characters is a person.
const SCANNER_MS = 45;
const LEAST_CHARACTERS = 4;

export class Wedge {
  #last: number | null = null;
  #characters = 0;
  #slow = false;

  /** A character arrived; `at` is the event's own time stamp in milliseconds. */
  character(at: number): void {
    if (this.#last !== null && at - this.#last > SCANNER_MS) this.#slow = true;
    this.#last = at;
    this.#characters += 1;
  }

  /** Corrected or pasted: a scanner does neither. */
  hand(): void {
    this.#slow = true;
    this.#characters += 1;
  }

  /** The field is empty: what comes next is read anew. */
  restart(): void {
    this.#last = null;
    this.#characters = 0;
    this.#slow = false;
  }

  get byHand(): boolean {
    return this.#characters > 0 && (this.#slow || this.#characters < LEAST_CHARACTERS);
  }
}
