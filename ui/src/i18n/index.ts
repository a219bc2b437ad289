export { m } from './compiled/messages.js';
export { locale, useLocale, type Locale } from './locale.svelte';
export { keyOf } from './key';
export { t, words, wordsOrNull, type Facts } from './words';
export * as format from './format';
export { problemWords, refusalWords, type ProblemWords } from './problem';
