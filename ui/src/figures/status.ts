import type { IconName } from '../components';

const LOOKS: Record<string, ['ok' | 'warn' | 'bad' | 'note' | 'quiet' | 'accent', IconName]> = {
  screening: ['note', 'clock'],
  eligible: ['ok', 'check'],
  ineligible: ['bad', 'ban'],
  enrolled: ['accent', 'person'],
  infused: ['accent', 'drop'],
  off_study: ['quiet', 'archive'],
};

/** Tone and icon of where a subject stands. */
export function statusLook(status: string): ['ok' | 'warn' | 'bad' | 'note' | 'quiet' | 'accent', IconName] {
  return LOOKS[status] ?? ['quiet', 'note'];
}
