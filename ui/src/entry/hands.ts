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
  /** Save and go back to the item before. */
  back(draft: Draft): void;
}

/** A control an item offers to the cursor when somebody goes on to it. */
export const STOP = 'data-stop';

/** While an input method composes, a key belongs to it. */
export function composing(e: KeyboardEvent): boolean {
  return e.isComposing || e.keyCode === 229;
}

/** The stops of other items that lie on one side of the item that holds `from`, in the order of the page. */
function stops(root: ParentNode, from: Element, side: number): HTMLElement[] {
  const here = from.closest('[data-path]') ?? from;
  return [...root.querySelectorAll<HTMLElement>(`[${STOP}]:not(:disabled)`)].filter(
    (stop) =>
      stop !== here && !here.contains(stop) && (here.compareDocumentPosition(stop) & side) !== 0,
  );
}

/** The next item's first stop after the item that holds `from`. */
export function nextStop(root: ParentNode, from: Element): HTMLElement | null {
  return stops(root, from, Node.DOCUMENT_POSITION_FOLLOWING)[0] ?? null;
}

/** The stop of the item before the one that holds `from`. */
export function stopBefore(root: ParentNode, from: Element): HTMLElement | null {
  return stops(root, from, Node.DOCUMENT_POSITION_PRECEDING).at(-1) ?? null;
}
