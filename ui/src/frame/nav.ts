// What the rail offers: a screen is shown when the command it reads with is among the rights of the role.
import type { IconName } from '../components';
import { m } from '../i18n';
import { session, SITE, type Route } from '../state';

export interface Stop {
  name: string;
  icon: IconName;
  text: () => string;
  /** The reading command; `null` for screens open to everybody. */
  reads: string | null;
  /** Other routes that belong to it. */
  also: string[];
}

const STOPS: Stop[] = [
  { name: 'today', icon: 'today', text: () => m.nav_today(), reads: null, also: [] },
  { name: 'subjects', icon: 'people', text: () => m.nav_subjects(), reads: 'subjects', also: ['form', 'eligibility'] },
  { name: 'registers', icon: 'archive', text: () => m.nav_registers(), reads: 'registers', also: [] },
  { name: 'queries', icon: 'query', text: () => m.nav_queries(), reads: 'queries', also: [] },
  { name: 'review', icon: 'review', text: () => m.nav_review(), reads: 'review', also: [] },
  { name: 'sign', icon: 'sign', text: () => m.nav_sign(), reads: 'sign', also: [] },
  { name: 'exchange', icon: 'exchange', text: () => m.nav_exchange(), reads: 'exchange', also: [] },
  { name: 'audit', icon: 'audit', text: () => m.nav_audit(), reads: 'audit', also: [] },
  { name: 'settings', icon: 'settings', text: () => m.nav_settings(), reads: null, also: [] },
];

export function stops(): Stop[] {
  return STOPS.filter((stop) => stop.reads === null || session.may(stop.reads));
}

/** Whether a screen belongs to a stop; a form of the site's to the registers. */
export function isHere(stop: Stop, here: Route): boolean {
  if (here.name === 'form' && here.parts[0] === SITE) return stop.name === 'registers';
  return here.name === stop.name || stop.also.includes(here.name);
}
