export { m } from './compiled/messages.js';
export { locale, useLocale, type Locale } from './locale.svelte';
export { t, words, wordsOrNull, keyOf, type Facts } from './words';
export * as format from './format';
export { problemWords, refusalWords, type ProblemWords } from './problem';
