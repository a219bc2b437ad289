// How the result of a criterion is told: by word and icon; the colour only agrees with them.
import type { IconName } from '../../components/icons';
import { m } from '../../i18n';

export interface Look {
  tone: 'ok' | 'bad' | 'warn';
  icon: IconName;
  text: string;
}

export function resultLook(id: string, result: string): Look {
  const inclusion = id.startsWith('I');
  switch (result) {
    case 'pass':
      return { tone: 'ok', icon: 'check', text: inclusion ? m.elig_met() : m.elig_absent() };
    case 'fail':
      return { tone: 'bad', icon: 'ban', text: inclusion ? m.elig_not_met() : m.elig_present() };
    default:
      return { tone: 'warn', icon: 'clock', text: m.elig_cannot_say() };
  }
}

export function verdictLook(verdict: string): Look {
  switch (verdict) {
    case 'eligible':
      return { tone: 'ok', icon: 'check', text: m.verdict_eligible() };
    case 'ineligible':
      return { tone: 'bad', icon: 'ban', text: m.verdict_ineligible() };
    default:
      return { tone: 'warn', icon: 'clock', text: m.verdict_pending() };
  }
}
