// Every screen of the application with who looks at it, for photographs and for the checks that each must pass.
import { Hands } from './hands.mjs';

/** The screen with what it shows, not while that is still on its way. */
const loaded = (screen) => `[data-testid="screen-${screen}"]:not(:has(p.quiet[role="status"]))`;

/** Before anybody is logged in. */
export const OUTSIDE = [{ name: 'open', ready: { id: 'unlock' } }];

/** By address, on a practice file with three subjects. */
export const INSIDE = [
  { name: 'today', who: 'nurse.li', at: ['today'], ready: loaded('today') },
  { name: 'subjects', who: 'nurse.li', at: ['subjects'], ready: { id: 'open-S-001' } },
  { name: 'subject', who: 'nurse.li', at: ['subjects', 'S-001'], ready: { id: 'timeline' } },
  { name: 'form-laboratory', who: 'nurse.li', at: ['form', 'S-001/SCR/LAB'], ready: { id: 'item-LAB.CREAT' } },
  { name: 'form-empty', who: 'nurse.li', at: ['form', 'S-003/INF/INFUSION'], ready: { id: 'identity-panel' } },
  { name: 'form-infusion', who: 'nurse.li', at: ['form', 'S-001/INF/INFUSION'], ready: { id: 'identity-panel' } },
  { name: 'form-crs', who: 'nurse.li', at: ['form', 'S-001/CRS/CRS'], ready: { id: 'because-CRS.GRADE' } },
  { name: 'form-response', who: 'nurse.li', at: ['form', 'S-001/D28/RESPONSE'], ready: { id: 'because-RESPONSE.CATEGORY' } },
  { name: 'registers', who: 'nurse.li', at: ['registers', 'LOTS'], ready: { id: 'record-UC19-2601' } },
  { name: 'registers-bags', who: 'nurse.li', at: ['registers', 'BAGS'], ready: { id: 'record-BAG-0001-A' } },
  { name: 'form-record', who: 'nurse.li', at: ['form', 'SITE/LOTS/LOT'], ready: { id: 'use-S-001' } },
  { name: 'queries', who: 'nurse.li', at: ['queries'], ready: loaded('queries') },
  { name: 'eligibility', who: 'dr.chen', at: ['eligibility', 'S-001'], ready: { id: 'criterion-I1' } },
  { name: 'eligibility-ineligible', who: 'dr.chen', at: ['eligibility', 'S-002'], ready: { id: 'criterion-I8' } },
  { name: 'eligibility-pending', who: 'dr.chen', at: ['eligibility', 'S-003'], ready: { id: 'missing-list' } },
  { name: 'sign', who: 'dr.chen', at: ['sign'], ready: loaded('sign') },
  { name: 'exchange', who: 'dr.chen', at: ['exchange'], ready: loaded('exchange') },
  { name: 'audit', who: 'dr.chen', at: ['audit'], ready: { id: 'audit' } },
  { name: 'audit-review', who: 'dr.chen', at: ['audit', 'review'], ready: { id: 'trail-state' } },
  { name: 'review', who: 'monitor.ruiz', at: ['review', 'S-001'], ready: loaded('review') },
  { name: 'settings', who: 'admin.zhao', at: ['settings', 'people'], ready: { id: 'people' } },
  { name: 'settings-me', who: 'admin.zhao', at: ['settings', 'me'], ready: { id: 'change-password' } },
  { name: 'settings-decisions', who: 'admin.zhao', at: ['settings', 'decisions'], ready: { id: 'decision-D-07' } },
  { name: 'settings-study', who: 'admin.zhao', at: ['settings', 'study'], ready: { id: 'registration' } },
  { name: 'settings-devices', who: 'admin.zhao', at: ['settings', 'devices'], ready: '[data-testid^="device-"]' },
  { name: 'settings-file', who: 'admin.zhao', at: ['settings', 'file'], ready: { id: 'replace-recovery' } },
];

export const LOOKS = [
  { locale: 'en', theme: 'light' },
  { locale: 'en', theme: 'dark' },
  { locale: 'zh-Hans', theme: 'light' },
  { locale: 'zh-Hans', theme: 'dark' },
];

/** Visits every screen in every look; `see(name, look)` is called when it stands. */
export async function visit(app, password, see) {
  const hands = new Hands(app);
  for (const screen of OUTSIDE) {
    await app.waitFor(screen.ready, 20_000);
    for (const look of LOOKS) await inLook(app, look, () => see(screen.name, look));
  }
  let here = null;
  for (const screen of INSIDE) {
    if (here !== screen.who) {
      if (here !== null) await hands.lock();
      await hands.logIn(screen.who, password);
      here = screen.who;
    }
    await hands.go(...screen.at);
    await app.waitFor(screen.ready, 20_000);
    for (const look of LOOKS) await inLook(app, look, () => see(screen.name, look));
  }
  await hands.lock();
}

async function inLook(app, look, act) {
  await app.setLocale(look.locale);
  await app.setTheme(look.theme);
  await act();
}
