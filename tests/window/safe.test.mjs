// The file kept safe, in the real window: backups and restoring, the key sheet, the access report; and a lock that takes the
// page along, also when the computer goes to sleep.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { picture } from './pictures.mjs';
import { practice } from './practice.mjs';

const CANARY = 'CANARY-THAT-NOBODY-MAY-SEE';
let app;
let made;
let hands;
let bus;
let uptime;
let address;

before(async () => {
  made = practice({ subjects: 3 });
  bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
  address = await new Promise((tell) => bus.stdout.once('data', (text) => tell(String(text).trim())));
  uptime = join(made.home, 'uptime');
  clock(0);
  app = await start({ home: made.home, open: made.file, env: { CARTWRIGHT_UPTIME: uptime, DBUS_SYSTEM_BUS_ADDRESS: address } });
  hands = new Hands(app);
});
after(async () => {
  await app?.close();
  bus?.kill();
  await endDisplay();
});

const begun = performance.now();
/** What the clock that counts sleep says: awake so far, and so many seconds asleep. */
function clock(asleep) {
  writeFileSync(uptime, `${((performance.now() - begun) / 1000 + asleep).toFixed(2)} 0.00\n`);
}

function folder(name) {
  const path = join(made.home, name);
  mkdirSync(path);
  return path;
}

/** Gives the document a mark, and answers whether the one shown has it. */
const mark = () => app.exec((text) => ((window.marked = text), true), CANARY);
const marked = () => app.exec('return window.marked !== undefined');

test('a folder is chosen, a backup is made into it, and its age is told; a copy is saved', async () => {
  await hands.logIn('admin.zhao', made.password);
  await hands.go('settings', 'file');
  await app.waitFor({ id: 'backup-no-folder' });
  const stick = folder('stick');
  app.answer(stick);
  await app.click({ id: 'backup-choose' });
  await app.waitFor({ id: 'backup-done' }, 20_000);
  const kept = readdirSync(stick);
  assert.equal(kept.length, 1);
  assert.match(await hands.words('backup-age'), /^today/);
  assert.match(await hands.words('backup-folder'), /stick$/);
  await app.waitFor({ id: 'backup-same-disk' });
  const along = folder('along');
  app.answer(along);
  await app.click({ id: 'save-copy' });
  await app.waitFor({ id: 'backup-made' }, 20_000);
  assert.match(readdirSync(along)[0], /^site-\d{4}-\d{2}-\d{2}-\d{6}\.cartwright$/);
  await picture(app, 'backup');
  await hands.go('today');
  await hands.screen('today');
  await app.waitGone('[data-testid="backup-due"]');
});

test('the key sheet is off; two people turn it on; it is printed', async () => {
  await hands.go('settings', 'file');
  await app.waitFor('[data-testid="key-sheet"][data-on="false"]');
  await app.type({ id: 'sheet-second' }, 'dr.chen');
  await app.type({ id: 'sheet-second-password' }, made.password);
  await app.type({ id: 'sheet-reason' }, 'The archive asks for it.');
  await app.type({ id: 'sheet-password' }, made.password);
  await app.click({ id: 'sheet-on' });
  await app.waitFor('[data-testid="key-sheet"][data-on="true"]', 20_000);
  const sheets = folder('sheets');
  app.answer(sheets);
  await app.type({ id: 'sheet-password' }, made.password);
  await app.click({ id: 'print-sheet' });
  await app.waitFor({ id: 'sheet-written' }, 30_000);
  const [sheet] = readdirSync(sheets);
  const words = execFileSync('pdftotext', ['-layout', join(sheets, sheet), '-'], { encoding: 'utf8' });
  assert.equal([...words.matchAll(/\b(2[0-4]|1\d|[1-9])\s{3,}[a-z]{3,8}\b/g)].length, 24, words);
  await picture(app, 'sheet');
});

test('the file gets a new key, and the old file is named', async () => {
  await app.type({ id: 'key-reason' }, 'A stick was lost.');
  await app.type({ id: 'key-password' }, made.password);
  await app.click({ id: 'replace-key' });
  await app.waitFor({ id: 'key-replaced' }, 30_000);
  const named = /site\.cartwright\.key-\d+/.exec(await hands.words('key-replaced'))?.[0];
  assert.ok(readdirSync(made.folder).includes(named), named);
});

test('who could do what is on the screen and on paper', async () => {
  await hands.go('settings', 'access');
  await app.waitFor({ id: 'access-rows' }, 20_000);
  assert.match(await hands.words('access-rows'), /Jonas Meyer/);
  const reports = folder('reports');
  for (const report of ['access-csv', 'access-pdf', 'delegations-pdf']) {
    app.answer(reports);
    await app.click({ id: report });
    await app.waitFor(() => readdirSync(reports).some((name) => name.includes(report.split('-')[0]) && name.endsWith(report.split('-')[1])), 30_000, report);
  }
  const csv = readdirSync(reports).find((name) => name.endsWith('.csv'));
  assert.match(readFileSync(join(reports, csv), 'utf8'), /"nurse\.li"/);
  await picture(app, 'access');
});

test('a lock takes the page along: another document, nothing of the old one, and the person comes back to the place', async () => {
  await hands.lock();
  await hands.logIn('nurse.li', made.password);
  await hands.go('form', 'S-003/SCR/DM');
  await app.waitFor('[data-testid^="input-"]', 20_000);
  await mark();
  await app.click({ id: 'lock' });
  await app.waitFor(async () => !(await marked()), 20_000, 'another document');
  await app.waitFor({ id: 'password' }, 20_000);
  assert.equal(await app.exec('return location.hash'), '');
  assert.doesNotMatch(await app.exec('return document.documentElement.outerHTML'), /S-003|CANARY/);
  await hands.logIn('nurse.li', made.password);
  await app.waitFor('[data-testid="screen-form"]', 20_000);
  assert.match(await app.exec('return location.hash'), /S-003\/SCR\/DM/);
});

test('a computer that slept is locked', async () => {
  await app.waitFor({ id: 'screen-form' }, 20_000);
  await mark();
  clock(3600);
  await app.waitFor(async () => !(await marked()), 20_000, 'another document');
  await app.waitFor({ id: 'password' }, 20_000);
  await hands.logIn('nurse.li', made.password);
});

test('what the system says beforehand is heard: sleep, and the lock of the session', async () => {
  const say = (path, member, ...what) =>
    execFileSync('dbus-send', [`--bus=${address}`, '--type=signal', path, `org.freedesktop.login1.${member}`, ...what]);
  const manager = '/org/freedesktop/login1';
  await mark();
  say(manager, 'Manager.PrepareForSleep', 'boolean:false');
  say('/org/freedesktop/login1/session/_31', 'Session.Unlock');
  for (const [path, member, ...what] of [
    [manager, 'Manager.PrepareForSleep', 'boolean:true'],
    ['/org/freedesktop/login1/session/_31', 'Session.Lock'],
  ]) {
    await app.waitFor({ id: 'who' }, 20_000);
    assert.equal(await marked(), true);
    say(path, member, ...what);
    await app.waitFor(async () => !(await marked()), 20_000, 'another document');
    await app.waitFor({ id: 'password' }, 20_000);
    await hands.logIn('nurse.li', made.password);
    await mark();
  }
});

test('a backup is restored under another name, and opens for reading', async () => {
  await hands.lock();
  const stick = join(made.home, 'stick');
  const [backup] = readdirSync(stick).sort();
  app.answer(join(stick, backup), join(made.home, 'restored.cartwright'));
  await app.click({ id: 'restore' });
  await app.waitFor({ id: 'restored' }, 20_000);
  await picture(app, 'restored');
  await hands.logIn('admin.zhao', made.password);
  await app.waitFor({ id: 'continue-here' }, 20_000);
});
