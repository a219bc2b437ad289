// Light, dark, or as the system has it. The page always carries the resolved one.
export type Theme = 'system' | 'light' | 'dark';

const KEPT_AS = 'cartwright.theme';
const dark = window.matchMedia?.('(prefers-color-scheme: dark)');

function first(): Theme {
  const kept = localStorage.getItem(KEPT_AS);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

let current = $state<Theme>(first());

function show(): void {
  const resolved = current === 'system' ? (dark?.matches ? 'dark' : 'light') : current;
  document.documentElement.dataset.theme = resolved;
}

dark?.addEventListener('change', show);
show();

export function theme(): Theme {
  return current;
}

export function useTheme(to: Theme): void {
  current = to;
  localStorage.setItem(KEPT_AS, to);
  show();
}
