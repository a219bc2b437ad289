// What the guide's later chapters show and no address of one practice file does: attempts told to an administrator, a copy
// on a second laptop, a monitor's own file.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cli, takeIn } from './cli.mjs';
import { makeHome, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { LOOKS } from './screens.mjs';

const PATIENT = 60_000;
const MONITOR = '64190 28375 01947 83620';

/** Goes through the chapters; `see(app, name, look)` is called for every screen in every look. */
export async function chapters(made, see) {
  await oversight(made, see);
  await secondLaptop(made, see);
  await reviewer(made, see);
}

async function at(file, home, act) {
  const app = await start({ home, open: file });
  try {
    await app.waitFor({ id: 'unlock' }, PATIENT);
    await app.setLocale('en');
    await act(app, new Hands(app));
  } finally {
    await app.close();
  }
}

async function inLooks(app, name, see) {
  for (const look of LOOKS) {
    await app.setLocale(look.locale);
    await app.setTheme(look.theme);
    await see(app, name, look);
  }
  await app.setLocale('en');
}

/** A home of its own with nothing in it. */
function elsewhere() {
  const home = makeHome();
  mkdirSync(join(home, 'share'), { recursive: true });
  return home;
}

async function oversight(made, see) {
  await at(made.file, made.home, async (app, hands) => {
    await app.click({ id: 'person-dr.chen' });
    await app.type({ id: 'password' }, 'not the password', 'Enter');
    await app.waitFor('[role="alert"]', PATIENT);
    await hands.logIn('admin.zhao', made.password, PATIENT);
    await hands.go('settings', 'people');
    await app.waitFor({ id: 'people' }, PATIENT);
    await hands.train('nurse.li');
    await inLooks(app, 'attempts', see);
  });
}

async function secondLaptop(made, see) {
  const home = elsewhere();
  const copy = join(home, 'copy.cartwright');
  copyFileSync(made.file, copy);
  await at(copy, home, async (app, hands) => {
    await hands.logIn('admin.zhao', made.password, PATIENT);
    await app.waitFor({ id: 'continue-here' }, PATIENT);
    await inLooks(app, 'second-read-only', see);
    await app.click({ id: 'continue-here' });
    await app.click({ id: 'continue-how-beside' });
    await app.type({ id: 'reason-text' }, 'A laptop for the day clinic.');
    await app.click({ id: 'give-reason' });
    await app.waitGone('[data-testid="read-only"]', PATIENT);
    await hands.go('settings', 'devices');
    await app.waitFor({ id: 'device-here' }, PATIENT);
    await inLooks(app, 'second-devices', see);
  });
}

async function reviewer(made, see) {
  const home = elsewhere();
  const file = join(home, 'monitor.cartwright');
  const names = ['--kind', 'monitor', '--site', 'MON1', '--site-name', 'Northern Monitoring'];
  const first = ['--user', 'admin.ortiz', '--printed-name', 'Paula Ortiz', '--identity-verified', 'Passport seen'];
  const created = cli(home, ['create', file, ...names, ...first], MONITOR);
  assert.equal(created.status, 0, created.stderr);
  await at(file, home, async (app, hands) => {
    await hands.logIn('admin.ortiz', MONITOR, PATIENT);
    await app.execAsync(
      (password) =>
        window.__TAURI_INTERNALS__.invoke('add_person', {
          request: { login: 'monitor.ruiz', printed_name: 'Ana Ruiz', role: 'monitor', identity_verified: 'Passport seen', password, days: null },
        }),
      MONITOR,
    );
  });
  const bundle = readdirSync(made.folder).find((name) => name.endsWith('.cwb.zip'));
  await takeIn(home, file, join(made.folder, bundle), 'admin.ortiz', MONITOR);
  await at(file, home, async (app, hands) => {
    await hands.logIn('monitor.ruiz', MONITOR, PATIENT);
    await hands.go('today');
    await app.waitFor({ id: 'tile-verify' }, PATIENT);
    await inLooks(app, 'monitor-today', see);
    await hands.go('review', 'S-001');
    await app.waitFor('li[aria-current="true"]', PATIENT);
    await inLooks(app, 'monitor-review', see);
  });
}
