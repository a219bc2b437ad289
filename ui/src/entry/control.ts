// What every control of an item is given.
import type { Draft } from './draft.svelte';
import type { Hands } from './hands';

export interface ControlProps {
  draft: Draft;
  hands: Hands;
  /** Of the control itself, for the label. */
  id: string;
  /** `DM.SEX`, the name by which tests find it. */
  mark: string;
  /** Of the words about the item's state and findings. */
  describedby: string;
  /** Of the question. */
  labelledby: string;
}
