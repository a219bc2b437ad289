// Why somebody only reads: to a reader whose role it is to read, nothing was refused.
import { m, refusalWords, words } from '../i18n';
import { session } from './session.svelte';

const role = (): string => (session.who === null ? '' : words('role', session.who.role));

/** Why no values are entered on a form, and what this role does there instead. */
export function whyNoEntry(code: string): string {
  if (code !== 'not_your_role') return refusalWords(code);
  const writes = session.file?.read_only === null;
  if (writes && session.may('verify')) return m.reading_only_verifies({ role: role() });
  if (writes && session.may('raise_query')) return m.reading_only_asks({ role: role() });
  return m.reading_only({ role: role() });
}

/** The same for what investigators alone do. */
export function whyInvestigatorOnly(code: string): string {
  return code === 'not_your_role' ? m.reading_only_investigator({ role: role() }) : refusalWords(code);
}
