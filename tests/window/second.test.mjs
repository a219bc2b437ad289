// A second laptop, in the real window: a copy of the file in a home of its own goes on beside the first; who was added later
// comes by an access card; both exchange bundles; days of access are granted and duties delegated on the way.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CLI, endDisplay, makeHome, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { CORNERS, picture, still } from './pictures.mjs';
import { practice } from './practice.mjs';

const LATE = 'late.nurse';
let made;
let second;
let stick;
let words;

before(() => {
  made = practice({ subjects: 1 });
  second = { home: makeHome(), file: '' };
  mkdirSync(join(second.home, 'share'), { recursive: true });
  second.file = join(second.home, 'copy.cartwright');
  stick = join(made.home, 'stick');
  mkdirSync(stick);
  words = ['--password-file', join(made.folder, 'password.txt')];
});
after(endDisplay);

async function withWindow(at, act) {
  const app = await start({ home: at.home, open: at.file });
  try {
    await app.setLocale('en');
    await act(app, new Hands(app));
  } finally {
    await app.close();
  }
}

/** The command line at one of the two laptops. */
function cli(at, ...args) {
  const env = { ...process.env, XDG_DATA_HOME: join(at.home, 'share') };
  return execFileSync(CLI, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The window that was closed lets go of the file a moment later. */
async function letGo(act) {
  for (let turn = 0; ; turn += 1) {
    try {
      return act();
    } catch (cause) {
      if (turn === 20 || !/is open in another window/.test(cause.stderr)) throw cause;
      await new Promise((later) => setTimeout(later, 500));
    }
  }
}

/** What the investigator of one laptop exports is taken in at the other. */
async function bring(from, to, folder) {
  const out = join(stick, folder);
  mkdirSync(out);
  await letGo(() => cli(from, 'export', from.file, out, '--user', 'dr.chen', ...words));
  const bundle = readdirSync(out).find((name) => name.endsWith('.zip'));
  await letGo(() => cli(to, 'import', to.file, join(out, bundle), '--user', 'admin.zhao', ...words));
}

test('a copy is saved, somebody is added afterwards, and a card is written', async () => {
  await withWindow(made, async (app, hands) => {
    await hands.logIn('admin.zhao', made.password);
    await hands.go('settings', 'file');
    app.answer(stick);
    await app.click({ id: 'save-copy' });
    await app.waitFor({ id: 'backup-made' }, 20_000);
    copyFileSync(join(stick, readdirSync(stick)[0]), second.file);

    await hands.go('settings', 'people');
    await app.click({ id: 'add-person' });
    await app.type({ id: 'person-printed-name' }, 'Sun Yue, RN');
    await app.type({ id: 'person-login' }, LATE);
    await app.click({ id: 'person-role' });
    await app.click({ id: 'person-role-nurse' });
    await app.type({ id: 'person-identity' }, 'Staff card seen');
    await app.click({ id: 'person-next' });
    await app.type({ id: 'person-password' }, made.password);
    await app.type({ id: 'person-password-again' }, made.password);
    await app.click({ id: 'save-person' });
    await app.waitFor({ id: `card-${LATE}` }, 30_000);
    await app.waitGone('[data-testid="dialog-add-person"]');

    app.answer(stick);
    await app.click({ id: `card-${LATE}` });
    await app.waitFor({ id: 'dialog-write-card' });
    await still(app, 'card-write');
    await app.click({ id: 'write-card' });
    assert.match(await hands.words('card-written'), /Sun Yue, RN.*\.cwcard/);
    await picture(app, 'people-card-written');
  });
  assert.equal(readdirSync(stick).filter((name) => name.endsWith('.cwcard')).length, 1);
});

test('days are granted as many as are due, and duties are delegated', async () => {
  await withWindow(made, async (app, hands) => {
    await hands.logIn('admin.zhao', made.password);
    await hands.go('settings', 'people');
    const until = async () => Date.parse(/until (\d+ \w+ \d+)/.exec(await hands.words('person-row-audit.meyer'))[1]);
    await app.waitFor({ id: 'grant-audit.meyer' }, 20_000);
    await app.click({ id: 'grant-audit.meyer' });
    await app.type({ id: 'grant-days' }, '367');
    await app.type({ id: 'reason-text' }, 'The inspection goes on.');
    assert.equal(await (await app.findById('give-reason')).property('disabled'), true, '366 is the most');
    await app.type({ id: 'grant-days' }, '90');
    await still(app, 'grant-days');
    await app.click({ id: 'give-reason' });
    const wanted = Date.now() + 90 * 86_400_000;
    await app.waitFor(async () => Math.abs((await until()) - wanted) < 2 * 86_400_000, 20_000, '90 days from now');

    await hands.lock();
    await hands.logIn('dr.chen', made.password);
    await hands.go('settings', 'access');
    await app.click({ id: 'delegate' });
    await app.waitFor({ id: 'dialog-delegate' });
    await still(app, 'delegate-empty');
    await app.click({ id: 'delegate-person' });
    await app.click('[data-testid^="delegate-person-p-"]');
    await app.click({ id: 'duty-infusion' });
    await app.click({ id: 'duty-identity' });
    await app.type({ id: 'delegate-from' }, '2026-11-23');
    await app.type({ id: 'delegate-until' }, '2026-11-01');
    await still(app, 'delegate');
    await app.click({ id: 'delegate-save' });
    assert.match(await hands.words('delegate-problem'), /first to last/);
    await app.type({ id: 'delegate-until' }, '2027-01-31');
    await app.click({ id: 'delegate-save' });
    await app.waitGone('[data-testid="dialog-delegate"]', 20_000);
    assert.match(await hands.words('delegations'), /31 Jan 2027/);
    await picture(app, 'delegations');
    await app.click('[data-testid^="end-d-"]');
    await app.click({ id: 'reason-other' });
    await app.type({ id: 'reason-text' }, 'Back on the ward.');
    await app.click({ id: 'give-reason' });
    await app.waitFor(async () => /Taken back/i.test(await hands.words('delegations')), 20_000, 'taken back');
  });
});

test('on another laptop the copy is read, and an administrator lets it go on beside the first', async () => {
  await withWindow(second, async (app, hands) => {
    await hands.logIn('nurse.li', made.password);
    assert.match(await hands.words('read-only'), /can only be read.*no key for this file.*an administrator logs in/i);
    assert.equal((await app.findAll('[data-testid="continue-here"]')).length, 0, 'not by a nurse');
    await hands.go('subjects');
    await app.waitFor({ id: 'open-S-001' }, 20_000);
    assert.equal(spawnSync(CLI, ['check', second.file, '--user', 'nurse.li', ...words], { env: { ...process.env, XDG_DATA_HOME: join(second.home, 'share') } }).status, 2, 'it is open');
    await picture(app, 'read-only-nurse', CORNERS);
    await hands.lock();
    await hands.logIn('admin.zhao', made.password);
    await app.waitFor({ id: 'continue-here' }, 20_000);
    await picture(app, 'read-only');
    for (const locale of ['zh-Hans', 'en']) {
      await app.setLocale(locale);
      await app.click({ id: 'continue-here' });
      await app.click({ id: 'continue-how-beside' });
      await still(app, `continue-${locale}`);
      if (locale !== 'en') await app.click({ id: 'cancel-reason' });
    }
    assert.equal(await (await app.findById('give-reason')).property('disabled'), true, 'a reason is due');
    await app.type({ id: 'reason-text' }, 'A laptop for the day clinic.');
    await app.click({ id: 'give-reason' });
    await app.waitGone('[data-testid="read-only"]', 20_000);
    await hands.go('settings', 'devices');
    await app.waitFor({ id: 'device-here' }, 20_000);
    const rows = await hands.words('device-rows');
    assert.match(rows, /the first.*beside/);
    assert.equal((await app.findAll('[data-testid^="device-l-"]')).length, 2);
    assert.doesNotMatch(rows, /Closed/);
    await picture(app, 'devices');
  });
});

test('who was added later comes by the card, once the bundle has come', async () => {
  const card = join(stick, readdirSync(stick).find((name) => name.endsWith('.cwcard')));
  await withWindow(second, async (app, hands) => {
    await hands.logIn('admin.zhao', made.password);
    await hands.go('settings', 'people');
    app.answer(card);
    await app.click({ id: 'take-card' });
    assert.match(await hands.words('card-problem'), /not known in this file.*newest bundle first/);
    await picture(app, 'card-refused', CORNERS);
  });
  await bring(made, second, 'one-to-two');
  await withWindow(second, async (app, hands) => {
    await hands.logIn('admin.zhao', made.password);
    await hands.go('settings', 'people');
    await app.waitFor({ id: `elsewhere-${LATE}` }, 20_000);
    await picture(app, 'people-elsewhere');
    app.answer(card);
    await app.click({ id: 'take-card' });
    assert.match(await hands.words('card-taken'), new RegExp(`Sun Yue, RN logs in here now as ${LATE}`));
    await app.waitGone(`[data-testid="elsewhere-${LATE}"]`);
    await picture(app, 'card-taken', CORNERS);
    await hands.lock();
    await hands.logIn(LATE, made.password);
    await hands.go('subjects');
    await app.click({ id: 'add-subject' });
    await app.type({ id: 'field-subject' }, 'S-042');
    await app.click({ id: 'save-subject' });
    await hands.screen('subject');
  });
});

test('what was entered there comes back, and both files hold', async () => {
  await bring(second, made, 'two-to-one');
  for (const at of [made, second]) {
    assert.match(cli(at, 'check', at.file, '--user', 'data.okafor', ...words), /^Everything holds/);
  }
  await withWindow(made, async (app, hands) => {
    await hands.logIn('nurse.li', made.password);
    await hands.go('subjects');
    await app.waitFor({ id: 'open-S-042' }, 20_000);
    await hands.lock();
    await hands.logIn('dr.chen', made.password);
    await hands.go('audit');
    await app.waitForText('Sun Yue, RN', 20_000);
  });
});
