// The language is a piece of state: switching it re-renders the words in place, with nothing typed lost.
import {
  baseLocale,
  isLocale,
  overwriteGetLocale,
  overwriteSetLocale,
  type Locale,
} from './compiled/runtime.js';

const KEPT_AS = 'cartwright.locale';

function first(): Locale {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept !== null && isLocale(kept)) return kept;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh-Hans' : baseLocale;
}

const atStart = first();
let current = $state<Locale>(atStart);

overwriteGetLocale(() => current);
overwriteSetLocale((to) => {
  current = to as Locale;
  document.documentElement.lang = current;
});
document.documentElement.lang = atStart;

export type { Locale };

export function locale(): Locale {
  return current;
}

export function useLocale(to: Locale): void {
  current = to;
  document.documentElement.lang = to;
  localStorage.setItem(KEPT_AS, to);
}
