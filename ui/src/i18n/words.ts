// Words for codes that the core sends. An unknown code is shown as itself, visibly, and never crashes a screen.
import { m } from './compiled/messages.js';
import type { Text } from '../bindings/Text';
import { keyOf } from './key';
import { locale } from './locale.svelte';

export type Facts = ReadonlyArray<readonly [string, string]>;

type Message = (facts: Record<string, unknown>) => string;

const ALL = m as unknown as Record<string, Message | undefined>;

/** The words of `<prefix>_<code>`, or `null` when nobody wrote any. */
export function wordsOrNull(prefix: string, code: string, facts: Facts = []): string | null {
  const message = ALL[keyOf(prefix, code)] ?? ALL[keyOf(prefix, code).toLowerCase()];
  return message === undefined ? null : message(said(facts));
}

/** A fact that the words ask for and the core did not send reads as a dash. */
function said(facts: Facts): Record<string, unknown> {
  return new Proxy(Object.fromEntries(facts), { get: (all, name) => all[String(name)] ?? '–' });
}

/** The words of `<prefix>_<code>`; without words, the code itself in angle quotes. */
export function words(prefix: string, code: string, facts: Facts = []): string {
  return wordsOrNull(prefix, code, facts) ?? `‹${code}›`;
}

/** A text of the study definition in the language chosen. */
export function t(text: Text | null | undefined): string {
  if (text === null || text === undefined) return '';
  return locale() === 'zh-Hans' ? text.zh : text.en;
}
