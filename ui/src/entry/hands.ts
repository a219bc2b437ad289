// What a control may ask of the form it stands on.
import type { Draft } from './draft.svelte';

export interface Hands {
  /** Values are shown, not entered. */
  readonly: boolean;
  /** Something was typed: keep it soon. */
  typed(draft: Draft): void;
  /** Save now. */
  commit(draft: Draft): void;
  /** Save and go on to the next item. */
  next(draft: Draft): void;
}

/** A control an item offers to the cursor when somebody goes on to it. */
export const STOP = 'data-stop';

/** While an input method composes, a key belongs to it. */
export function composing(e: KeyboardEvent): boolean {
  return e.isComposing || e.keyCode === 229;
}

/** The next item's first stop after the item that holds `from`. */
export function nextStop(root: ParentNode, from: Element): HTMLElement | null {
  const here = from.closest('[data-path]');
  const stops = [...root.querySelectorAll<HTMLElement>(`[${STOP}]:not(:disabled)`)];
  const after = stops.filter(
    (stop) =>
      stop.closest('[data-path]') !== here &&
      (here === null || (here.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0),
  );
  return after[0] ?? null;
}
