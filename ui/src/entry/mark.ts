// Names by which the page and its tests find an item's place on the screen.
import type { ItemPath } from '../bindings/ItemPath';
import { placeOf } from '../state';

/** `DM.SEX`, and `LAB.ALT-2` in the second row. */
export function itemMark(path: ItemPath): string {
  const { item, row } = placeOf(path);
  return row > 1 ? `${item ?? ''}-${row}` : (item ?? '');
}

export function itemPath(form: string, group: string, row: number, item: string): ItemPath {
  return `${form}/${row > 1 ? `${group}[${row}]` : group}/${item}`;
}
