// A monitor's day, in the real window: a file of the monitor's own is made, a site's bundle comes in, its records are read,
// verified and asked about, the review leaves and comes in at the site.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cli, takeIn } from './cli.mjs';
import { endDisplay, makeHome, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { CORNERS, picture } from './pictures.mjs';
import { practice } from './practice.mjs';

const ADMIN = ['admin.ortiz', 'Paula Ortiz', '50213 77419 36802 95564'];
const MONITOR = ['monitor.ruiz', 'Ana Ruiz', '64190 28375 01947 83620'];
const PATIENT = 40_000;
let site;
let own;
let app;
let hands;
let verified;

before(async () => {
  site = practice({ subjects: 2 });
  const home = makeHome();
  mkdirSync(join(home, 'share'), { recursive: true });
  own = { home, file: join(home, 'monitor.cartwright'), review: join(home, 'review') };
  mkdirSync(own.review);
  app = await start({ home });
  hands = new Hands(app);
});
after(async () => {
  await app?.close();
  await endDisplay();
});

const stops = () => app.exec(() => [...document.querySelectorAll('[data-testid^="nav-"]')].map((each) => each.dataset.testid.slice(4)));

test('a monitor’s file is made, and a monitor works in it', async () => {
  await app.click({ id: 'create-site' });
  await app.click({ id: 'kind-monitor' });
  await app.waitFor({ id: 'one-site' });
  await picture(app, 'monitor-create');
  await app.type({ id: 'field-site' }, 'MON1');
  await app.type({ id: 'field-site-name' }, 'Northern Monitoring');
  await app.click({ id: 'next-step' });
  await app.type({ id: 'field-login' }, ADMIN[0]);
  await app.type({ id: 'field-printed-name' }, ADMIN[1]);
  await app.type({ id: 'field-identity' }, 'Passport seen');
  await app.click({ id: 'next-step' });
  await app.type({ id: 'field-password' }, ADMIN[2]);
  await app.type({ id: 'field-password-again' }, ADMIN[2]);
  app.answer(own.file);
  await app.click({ id: 'create-file' });
  const code = await app.waitFor({ id: 'recovery-code' }, PATIENT).then(() => hands.words('recovery-code'));
  await app.click({ id: 'next-step' });
  await app.type({ id: 'field-recovery-typed' }, code);
  await app.click({ id: 'confirm-recovery' });
  await app.waitFor({ id: 'screen-declaration' }, PATIENT);
  await app.type({ id: 'declaration-password' }, ADMIN[2]);
  await app.click({ id: 'accept-declaration' });
  await app.waitFor({ id: 'who' }, PATIENT);
  assert.match(await hands.words('file-kind'), /Monitor’s file/);
  assert.ok(!(await stops()).includes('sign'));

  await hands.go('settings', 'people');
  await app.click({ id: 'add-person' });
  await app.type({ id: 'person-printed-name' }, MONITOR[1]);
  await app.type({ id: 'person-login' }, MONITOR[0]);
  await app.click({ id: 'person-role' });
  await app.waitFor({ id: 'person-role-monitor' });
  const roles = await app.exec(() => [...document.querySelectorAll('[data-testid^="person-role-"]')].map((each) => each.dataset.testid.slice(12)));
  assert.deepEqual(roles, ['monitor', 'auditor', 'administrator']);
  await app.click({ id: 'person-role-monitor' });
  await app.type({ id: 'person-identity' }, 'Passport seen');
  await app.click({ id: 'person-next' });
  await app.type({ id: 'person-password' }, MONITOR[2]);
  await app.type({ id: 'person-password-again' }, MONITOR[2]);
  await app.click({ id: 'save-person' });
  await app.waitFor({ id: `key-${MONITOR[0]}` }, PATIENT);
  await hands.train(MONITOR[0]);
});

test('before a bundle has come, every screen says what to do first', async () => {
  await hands.lock();
  await hands.logIn(...[MONITOR[0], MONITOR[2]]);
  assert.deepEqual(await stops(), ['today', 'subjects', 'registers', 'queries', 'review', 'exchange', 'audit', 'settings']);
  for (const [name, words] of [
    ['today', /Take in a site’s bundle/],
    ['subjects', /come in with its bundle/],
    ['registers', null],
    ['queries', /Raise queries while verifying/],
    ['review', /Take in a site’s bundle/],
    ['exchange', /not the site’s records/],
  ]) {
    await hands.go(name);
    await hands.screen(name);
    if (words) await app.waitForText(words, 20_000);
    await picture(app, `monitor-empty-${name}`, CORNERS);
  }
});

test('the site’s bundle comes in, and its casebook is read', async () => {
  await app.close();
  const bundle = readdirSync(site.folder).find((name) => name.endsWith('.cwb.zip'));
  await takeIn(own.home, own.file, join(site.folder, bundle), MONITOR[0], MONITOR[2]);
  app = await start({ home: own.home, open: own.file });
  hands = new Hands(app);
  await app.setLocale('en');
  await hands.logIn(MONITOR[0], MONITOR[2]);
  await hands.go('today');
  await hands.screen('today');
  assert.match(await hands.words('tile-subjects'), /^2\D/);
  assert.doesNotMatch(await hands.words('tile-verify'), /^0\D/);
  await picture(app, 'monitor-today');
  await hands.go('subjects');
  await app.waitFor({ id: 'open-S-001' }, 20_000);
  assert.equal((await app.findAll('[data-testid="add-subject"]')).length, 0);
  await picture(app, 'monitor-subjects');
  await hands.go('subjects', 'S-001');
  await app.waitFor({ id: 'timeline' }, 20_000);
  await picture(app, 'monitor-subject', CORNERS);
  await hands.go('form', 'S-001/SCR/DM');
  await app.waitFor({ id: 'item-DM.SEX' }, 20_000);
  assert.equal((await app.findAll('[data-testid="complete-form"]')).length, 0);
  const open = await app.exec(() => [...document.querySelectorAll('[data-testid="screen-form"] input, [data-testid="screen-form"] select')].filter((each) => !each.disabled && !each.readOnly).map((each) => each.outerHTML));
  assert.deepEqual(open, [], 'nothing can be typed');
  await picture(app, 'monitor-form', CORNERS);
  await hands.go('registers', 'LOTS');
  await app.waitFor({ id: 'record-UC19-2601' }, 20_000);
  assert.equal((await app.findAll('[data-testid="add-record"]')).length, 0);
  await picture(app, 'monitor-registers', CORNERS);
});

test('values are verified, and one is asked about', async () => {
  await hands.go('review', 'S-001');
  await hands.screen('review');
  await app.waitForText(/12 of [\d,]+ verified/, 20_000);
  // The first that waits: the practice site's own monitor has verified some.
  verified = await app.exec(() => document.querySelector('[data-path]:has([data-testid^="verify-"])').dataset.path);
  await app.click(`[data-path="${verified}"] [data-testid^="verify-"]`);
  await app.waitForText(/13 of [\d,]+ verified/, 20_000);
  await app.click('[data-testid^="ask-"]');
  await app.type({ id: 'query-text' }, 'The source says another day. Please compare.');
  await app.click({ id: 'raise-query' });
  await app.waitGone('[data-testid="dialog-raise-query"]', 20_000);
  await picture(app, 'monitor-review');
  await hands.go('queries');
  await hands.screen('queries');
  await app.click({ id: 'queries-all' });
  await app.waitForText('The source says another day', 20_000);
  await picture(app, 'monitor-queries', CORNERS);
});

test('whose people and computers they are is told apart', async () => {
  await hands.go('settings', 'people');
  await app.waitFor({ id: 'people-others' }, 20_000);
  assert.doesNotMatch(await hands.words('people'), /Li Na/);
  assert.match(await hands.words('people-others'), /of 012/);
  await picture(app, 'monitor-people');
  await hands.go('settings', 'devices');
  await app.waitFor({ id: 'device-here' }, 20_000);
  assert.match(await hands.words('device-rows'), /of 012/);
  await picture(app, 'monitor-devices', CORNERS);
});

test('the review leaves as a bundle, and comes in at the site', async () => {
  await hands.go('exchange');
  await hands.screen('exchange');
  app.answer(own.review);
  await app.click({ id: 'export-bundle' });
  await app.waitFor({ id: 'exported' }, 30_000);
  await picture(app, 'monitor-exchange');
  await app.close();
  const bundle = readdirSync(own.review).find((name) => name.endsWith('.zip'));
  await takeIn(site.home, site.file, join(own.review, bundle), 'dr.chen', site.password);
  const checked = cli(site.home, ['check', site.file, '--user', 'data.okafor'], site.password);
  assert.match(checked.stdout, /^Everything holds/);
  app = await start({ home: site.home, open: site.file });
  hands = new Hands(app);
  await app.setLocale('en');
  await hands.logIn('nurse.li', site.password);
  await hands.go('queries');
  await app.waitForText('The source says another day', 20_000);
  await hands.go('form', verified.split('/').slice(0, 3).join('/'));
  await app.waitFor(`[data-testid="state-${verified.split('/').at(-1)}"]`, 20_000);
  await app.waitForText('Verified', 20_000);
});
