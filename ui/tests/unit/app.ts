// The whole page over a desk in memory.
import { render } from '@testing-library/svelte';
import App from '../../src/App.svelte';
import type { Commands } from '../../src/bindings/Commands';
import type { Role } from '../../src/bindings/Role';
import { applyStatus } from '../../src/state';
import { useLocale } from '../../src/i18n';
import { Desk } from '../mock/desk';
import { STUDY } from '../mock/study';

export function deskWith(role: Role | null): Desk {
  const desk = new Desk(STUDY);
  desk.who = desk.people.find((p) => p.role === role) ?? null;
  (window as unknown as { __TAURI_INTERNALS__: unknown }).__TAURI_INTERNALS__ = { invoke: desk.invoke };
  return desk;
}

export function openApp(role: Role | null, hash = '', prepare: (desk: Desk) => void = () => undefined): Desk {
  useLocale('en');
  const desk = deskWith(role);
  prepare(desk);
  // Whoever sat here in the test before is gone, and with them where they were.
  applyStatus(desk.status());
  applyStatus({ app: '', file: null, session: null });
  location.hash = hash;
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  render(App);
  return desk;
}

/** From now on the desk answers a command otherwise. */
export function otherwise<K extends keyof Commands>(desk: Desk, name: K, change: (usual: Commands[K]['answer']) => Commands[K]['answer']): void {
  const usual = desk.answers[name];
  if (usual === undefined) throw new Error(`the desk in memory does not know ${name}`);
  const answers: { [N in K]?: (request: Commands[N]['request']) => Commands[N]['answer'] } = desk.answers;
  answers[name] = (request) => change(usual(request));
}

export const until = async (holds: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 3000; turn++) {
    if (holds()) return;
    await new Promise((go) => setTimeout(go, 5));
  }
  throw new Error('did not come about');
};
