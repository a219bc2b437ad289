// Looking after the file, in the real window: attempts told to the administrator until looked at, training recorded, the audit
// trail reviewed and signed off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { picture } from './pictures.mjs';
import { practice } from './practice.mjs';

let app;
let made;
let hands;

before(async () => {
  made = practice({ subjects: 3 });
  app = await start({ home: made.home, open: made.file });
  hands = new Hands(app);
});
after(async () => {
  await app?.close();
  await endDisplay();
});

const gone = (id) => app.waitFor(async () => (await app.findAll(`[data-testid="${id}"]`)).length === 0, 20_000, `${id} is gone`);

test('a wrong password is told to the next administrator, on every screen, until looked at', async () => {
  await app.click({ id: 'person-dr.chen' });
  await app.type({ id: 'password' }, 'not the password', 'Enter');
  await app.waitFor('[role="alert"]', 20_000);
  await hands.logIn('admin.zhao', made.password);
  await app.waitFor({ id: 'attempts' }, 20_000);
  assert.match(await hands.words('attempts'), /dr\.chen/);
  await hands.go('settings', 'people');
  await app.waitFor({ id: 'people' }, 20_000);
  await app.waitFor({ id: 'attempts' });
  await picture(app, 'attempts');
  await app.click({ id: 'attempts-show' });
  await app.waitFor({ id: 'audit-narrowed-only' }, 20_000);
  assert.match(await hands.words('audit'), /Wrong log-in details/);
  await app.click({ id: 'attempts-seen' });
  await gone('attempts');
  await hands.lock();
  await hands.logIn('admin.zhao', made.password);
  // The lock takes the page along: it comes back to the journal.
  await hands.screen('audit');
  assert.equal((await app.findAll('[data-testid="attempts"]')).length, 0);
});

test('a training is recorded beside the person and stands in the access report', async () => {
  await hands.go('settings', 'people');
  await app.waitFor({ id: 'untrained-nurse.li' }, 20_000);
  await picture(app, 'people-untrained');
  await hands.train('nurse.li');
  assert.match(await hands.words('person-row-nurse.li'), /12 Jan 2026/);
  await hands.go('settings', 'access');
  await app.waitFor({ id: 'access-rows' }, 20_000);
  assert.match(await hands.words('access-rows'), /12 Jan 2026/);
  await picture(app, 'access-trained');
});

test('the audit trail is reviewed: signals open their entries, a review is signed off, the next begins after it', async () => {
  await hands.lock();
  await hands.logIn('monitor.ruiz', made.password);
  await hands.go('audit', 'review');
  await app.waitFor({ id: 'trail-state' }, 20_000);
  assert.match(await hands.words('trail-state'), /Nobody in the role of/);
  const signals = await app.findAll('[data-testid^="entries-"]');
  assert.ok(signals.length > 0, 'setting up a site gives access');
  await picture(app, 'trail');
  await app.click(signals[0]);
  await app.waitFor('[data-testid^="journal-"]', 20_000);
  await picture(app, 'trail-opened');
  await app.type({ id: 'trail-remark' }, 'Setting up, seen.');
  await app.type({ id: 'trail-password' }, 'wrong', 'Enter');
  await app.waitFor({ id: 'trail-sign-problem' }, 20_000);
  await app.type({ id: 'trail-password' }, made.password, 'Enter');
  await app.waitFor({ id: 'trail-signed' }, 20_000);
  assert.match(await hands.words('trail-reviews'), /Setting up, seen\./);
  assert.match(await hands.words('trail-state'), /Last reviewed on/);
  await app.waitFor({ id: 'trail-none' });
  await picture(app, 'trail-none');
});

test('a nurse reads the signals and signs nothing off', async () => {
  await hands.lock();
  await hands.logIn('nurse.li', made.password);
  await hands.go('audit', 'review');
  await app.waitFor({ id: 'trail-state' }, 20_000);
  assert.equal((await app.findAll('[data-testid="trail-sign"]')).length, 0);
  await hands.go('audit');
  await app.waitFor({ id: 'audit' }, 20_000);
  // The page itself asks for nothing that the roles who sat here may not do.
  await app.click({ id: 'audit-about' });
  await app.click({ id: 'audit-about-sittings' });
  await app.waitFor(async () => !/Value entered/.test(await hands.words('audit')), 20_000, 'only log-ins are listed');
  assert.doesNotMatch(await hands.words('audit'), /may not do/);
  await picture(app, 'audit-filtered');
});
