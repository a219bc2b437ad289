/** What can be opened under an item's control, one at a time. */
export type Panel = 'none' | 'ask' | 'missing' | 'guidance';
