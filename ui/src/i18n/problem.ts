// A Problem in words: what happened, why, and what to do now.
import type { Problem } from '../bindings/Problem';
import { m } from './compiled/messages.js';
import { locale } from './locale.svelte';
import { words, wordsOrNull, type Facts } from './words';

export interface ProblemWords {
  title: string;
  more: string | null;
  /** Somebody wrote words for this code. */
  known: boolean;
}

/** Facts that are codes themselves, said in words of their own. */
const CODED: Record<string, string> = {
  role: 'role',
  needs: 'role',
  act: 'act',
  verdict: 'verdict',
  missing: 'missing',
};

/** The same for facts of one refusal alone. */
const OWN: Record<string, string> = {
  'read_only.why': 'read_only',
  'query_state.state': 'queries',
  'redaction_answered.state': 'redact_state',
};

function said(code: string, facts: Facts): [string, string][] {
  return facts.map(([name, text]) => {
    const prefix = OWN[`${code}.${name}`] ?? CODED[name];
    return [name, prefix === undefined ? text : (wordsOrNull(prefix, text) ?? text)];
  });
}

/** Words are written as "what and why. | what to do": the bar parts the title from the rest. */
export function problemWords(problem: Problem): ProblemWords {
  const facts = problem.kind === 'refusal' ? said(problem.code, problem.facts) : [];
  const text = wordsOrNull(problem.kind, problem.code, facts);
  if (text === null) {
    const title = problem.kind === 'refusal' ? m.refusal_without_words() : m.fault_without_words();
    const more = facts.map(([name, value]) => `${name}: ${value}`).join(' · ');
    return { title, more: more === '' ? null : more, known: false };
  }
  const [title = '', more] = text.split('|').map((part) => part.trim());
  return { title, more: more === undefined || more === '' ? null : more, known: true };
}

/** A refusal code on its own (`may_enter`, `may_confirm`, `blocked`) in one line. */
export function refusalWords(code: string): string {
  return words('refusal', code).replace(/\s*\|\s*/g, locale() === 'en' ? ' ' : '').trim();
}
