// What came in, and what goes out of the file for good, in the real window: a second laptop's bundle and a monitor's are
// reported before anything is written, taken in, taken in twice, refused; two values of one item are settled; two persons
// redact what identifies somebody.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axeWords, CLI, endDisplay, makeHome, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { layoutFaults } from './layout.mjs';
import { onPaper } from './paper.mjs';
import { still } from './pictures.mjs';
import { practice } from './practice.mjs';
import { LOOKS } from './screens.mjs';
import { scrolledTo } from './scrolling.mjs';

/** Verifying and folding a whole journal anew, in a debug build beside others. */
const PATIENT = 90_000;
/** A password for a reviewer's file, which is no practice file. */
const PASSWORD = '57921 40388 16625';
const FORM = 'S-003/INF/INFUSION';
const MARK = 'INFUSION.WEIGHT_D0';
/** What one laptop and the other say at the same item. */
const [HERE, THERE] = ['61.5', '62.5'];
const [EVENT, TERM] = ['S-003/LOG/AE', 'AE.TERM'];
const SECRET = '138-0013-8000';

let made;
let second;
let bundles;
let app;
let hands;

/** The command line in somebody's home. */
function cli(home, ...args) {
  return execFileSync(CLI, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, XDG_DATA_HOME: join(home, 'share') } });
}

/** A plain bundle of a file that nobody has open. */
function exported({ home, file, password, user }, folder) {
  mkdirSync(folder, { recursive: true });
  cli(home, 'export', file, folder, '--user', user, '--password-file', password);
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.zip')));
}

before(async () => {
  made = practice({ subjects: 3 });
  bundles = join(made.home, 'bundles');
  const home = makeHome();
  second = { home, file: join(home, 'second.cartwright'), password: join(made.folder, 'password.txt'), user: 'dr.chen' };
  copyFileSync(made.file, second.file);
  mkdirSync(join(home, 'share'), { recursive: true });
  cli(home, 'continue', second.file, '--user', 'admin.zhao', '--password-file', second.password, '--beside', '--words', 'a second laptop');
});
after(async () => {
  await app?.close();
  await endDisplay();
});

async function enter(value) {
  await hands.form(FORM);
  await hands.item(MARK, { text: value });
}

const wrong = [];

/** What the checks of every screen ask, of the screen as it stands; a picture where it is asked for. */
async function look(name, said) {
  const words = axeWords(await app.axe());
  if (words !== '') wrong.push(`${said}: ${words}`);
  wrong.push(...(await app.exec(layoutFaults)).map((fault) => `${said}: ${fault}`));
  await still(app, name);
}

/** The same in every look. Over a dialog the bar with language and theme is out of reach: there `look` has to do. */
async function looked(name) {
  for (const { locale, theme } of LOOKS) {
    await app.setLocale(locale);
    await app.setTheme(theme);
    await look(`${name}-${locale}-${theme}`, `${name} (${locale}, ${theme})`);
  }
  await app.setLocale('en');
  await app.setTheme('light');
}

const count = async (selector) => (await app.findAll(selector)).length;

test('a second laptop writes at the item where the first writes too', async () => {
  app = await start({ home: second.home, open: second.file });
  hands = new Hands(app);
  await hands.logIn('nurse.li', made.password);
  await enter(THERE);
  await app.close();
  // As it was before it left: what this one goes on to write is another story under the same numbers.
  const forked = makeHome();
  cpSync(join(second.home, 'share'), join(forked, 'share'), { recursive: true });
  copyFileSync(second.file, join(forked, 'second.cartwright'));
  second.bundle = exported(second, join(bundles, 'second'));
  second.fork = exported({ ...second, home: forked, file: join(forked, 'second.cartwright') }, join(bundles, 'fork'));
  app = await start({ home: made.home, open: made.file });
  hands = new Hands(app);
  await hands.logIn('nurse.li', made.password);
  await enter(HERE);
  await hands.lock();
});

test('its bundle is reported: from whom, what is new, both values; nothing is written by looking', async () => {
  await hands.logIn('dr.chen', made.password);
  await hands.go('exchange');
  await hands.screen('exchange');
  const before = await count('[data-testid="bundle-in"]');
  app.answer(second.bundle);
  await app.click({ id: 'import-choose' });
  await app.waitFor({ id: 'import-report' }, PATIENT);
  assert.match(await hands.words('import-said'), /Nothing has been written yet/);
  const report = await hands.words('import-report');
  assert.match(report, /this site, device/);
  assert.match(report, /known here/);
  assert.match(await hands.words('import-act-value_entered'), /S-003/);
  const both = await hands.words('import-conflicts');
  assert.match(both, new RegExp(`${HERE}.*${THERE}|${THERE}.*${HERE}`));
  assert.match(both, /Li Na/);
  await looked('import-report');
  // Left alone, nothing became of it.
  await app.click({ id: 'import-leave' });
  await app.waitGone('[data-testid="import-report"]');
  await hands.go('queries');
  await hands.screen('queries');
  assert.equal(await count('[data-testid="both-values"]'), 0);
  await hands.go('exchange');
  await hands.screen('exchange');
  assert.equal(await count('[data-testid="bundle-in"]'), before);
});

test('it is taken in, and taking it in again says so', async () => {
  app.answer(second.bundle, second.bundle);
  await app.click({ id: 'import-choose' });
  await app.waitFor({ id: 'import-take' }, PATIENT);
  await app.click({ id: 'import-take' });
  await app.waitFor({ id: 'imported' }, PATIENT);
  assert.match(await hands.words('imported'), /is taken in: \d+ entries are new.*1 queries/);
  await app.waitFor({ id: 'bundle-in' }, PATIENT);
  await app.click({ id: 'import-choose' });
  await app.waitFor('[data-testid="import-report"][data-already="true"]', PATIENT);
  assert.match(await hands.words('import-said'), /taken in before/);
  assert.equal(await count('[data-testid="import-take"]'), 0);
  await app.click({ id: 'import-leave' });
});

test('a bundle with one byte changed is refused, and so is a log that goes on in two ways, which is kept', async () => {
  const bytes = readFileSync(second.bundle);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  const bad = join(bundles, 'bad.cwb.zip');
  writeFileSync(bad, bytes);
  app.answer(bad, second.fork);
  await app.click({ id: 'import-choose' });
  await app.waitFor({ id: 'import-refused' }, PATIENT);
  assert.match(await hands.words('import-refused'), /does not hold/);
  assert.equal(await count('[data-testid="bundle-refused"]'), 0);
  await app.click({ id: 'import-choose' });
  await app.waitForText('goes on in this bundle in another way', PATIENT);
  assert.match(await hands.words('import-refused'), /kept as evidence.*Tell the sponsor/);
  await app.waitFor({ id: 'bundle-refused' }, PATIENT);
  assert.match(await hands.words('evidence'), /do not destroy it/);
  await looked('exchange-history');
});

test('both values stand in the query and on the form; entering one settles it', async () => {
  await hands.lock();
  await hands.logIn('nurse.li', made.password);
  await hands.go('queries');
  await app.waitFor('[data-testid="both-values"][data-settled="false"]', PATIENT);
  const both = await hands.words('both-values');
  assert.ok(both.includes(HERE) && both.includes(THERE) && both.includes('stands'), both);
  await looked('conflict-query');
  await hands.form(FORM);
  await app.waitFor({ id: 'both-values' }, PATIENT);
  await app.exec(() => document.querySelector('[data-testid="both-values"]').scrollIntoView({ block: 'center' }));
  await looked('conflict-form');
  // The one that stands is the right one: entered, though it is what is stored.
  await app.click({ id: 'take-stands' });
  await app.waitFor('[data-testid="both-values"][data-settled="true"]', PATIENT);
  await hands.settled();
  assert.equal(await count('[data-testid="take-stands"], [data-testid="take-other"]'), 0);
});

test('a monitor takes in the site’s bundle once the words were compared, and the site hears that it came', async () => {
  await hands.lock();
  const home = makeHome();
  const monitor = { home, file: join(home, 'monitor.cartwright'), password: join(home, 'password') };
  writeFileSync(monitor.password, PASSWORD);
  cli(home, 'create', monitor.file, '--kind', 'monitor', '--site', 'MON1', '--site-name', 'Monitor', '--user', 'admin', '--printed-name', 'Zhao Lin', '--identity-verified', 'badge', '--password-file', monitor.password);
  const sent = exported({ ...made, password: join(made.folder, 'password.txt'), user: 'dr.chen' }, join(bundles, 'site'));
  const theirs = await start({ home, open: monitor.file });
  const at = new Hands(theirs);
  try {
    await at.logIn('admin', PASSWORD, PATIENT);
    await theirs.exec(
      (password) =>
        window.__TAURI_INTERNALS__.invoke('add_person', {
          request: { login: 'ruiz', printed_name: 'Ana Ruiz', role: 'monitor', identity_verified: 'badge', password, days: null },
        }),
      PASSWORD,
    );
    await at.lock();
    await at.logIn('ruiz', PASSWORD, PATIENT);
    await at.go('exchange');
    theirs.answer(sent);
    await theirs.click({ id: 'import-choose' });
    await theirs.waitFor({ id: 'import-unknown' }, PATIENT);
    const words = await at.words('import-unknown');
    assert.match(words, /SHA256:/);
    assert.equal((await theirs.findAll('[data-testid="import-report"]')).length, 0);
    await theirs.click({ id: 'import-agree' });
    await theirs.click({ id: 'import-compared' });
    await theirs.waitFor({ id: 'import-report' }, PATIENT);
    assert.match(await at.words('import-report'), /compared just now/);
    assert.match(await at.words('import-people'), /Li Na/);
    await theirs.click({ id: 'import-take' });
    await theirs.waitFor({ id: 'imported' }, PATIENT);
  } finally {
    await theirs.close();
  }
  const review = exported({ ...monitor, user: 'ruiz' }, join(bundles, 'review'));
  await hands.logIn('dr.chen', made.password);
  await hands.go('exchange');
  app.answer(review);
  await app.click({ id: 'import-choose' });
  await app.waitFor({ id: 'import-unknown' }, PATIENT);
  await looked('import-unknown');
  await app.click({ id: 'import-agree' });
  await app.click({ id: 'import-compared' });
  await app.waitFor({ id: 'import-take' }, PATIENT);
  await app.click({ id: 'import-take' });
  await app.waitFor({ id: 'imported' }, PATIENT);
  await app.waitFor('[data-testid="receipt"][data-same="true"]', PATIENT);
  assert.match(await hands.words('receipt'), /Received by MON1 \(Ana Ruiz\).*the same bytes/);
});

test('what identifies somebody goes: one asks in the item’s history, another agrees with a password', async () => {
  await hands.lock();
  await hands.logIn('nurse.li', made.password);
  await hands.form(EVENT);
  await hands.item(TERM, { text: `Fever, call ${SECRET}` });
  await app.click({ id: `history-${TERM}` });
  await app.waitFor('[data-testid="dialog-history"] [data-testid^="redact-"]', PATIENT);
  await app.click('[data-testid="dialog-history"] [data-testid^="redact-"]');
  await app.waitFor({ id: 'falling' }, PATIENT);
  assert.match(await hands.words('falling'), new RegExp(SECRET));
  assert.match(await hands.words('redact-copies'), /cannot be undone/);
  await look('redact-ask', 'redact-ask');
  await app.type({ id: 'redact-why' }, 'A telephone number was typed.');
  await app.click({ id: 'redact-ask' });
  await app.waitFor({ id: 'redact-asked' }, PATIENT);
  await app.click({ id: 'redact-close' });
  await app.click({ id: 'close-history' });
  await hands.lock();
  await hands.logIn('dr.chen', made.password);
  await hands.go('today');
  await app.waitForText('wait for a second person', PATIENT);
  await hands.go('audit');
  await app.waitFor({ id: 'redactions' }, PATIENT);
  assert.match(await hands.words('redactions'), new RegExp(`${SECRET}.*`));
  await looked('redact-agree');
  await app.type({ id: 'redact-password' }, 'not this one');
  await app.click({ id: 'redact-seen' });
  await app.click({ id: 'redact-agree' });
  await app.waitFor({ id: 'redaction-problem' }, PATIENT);
  await app.type({ id: 'redact-password' }, made.password);
  await app.click({ id: 'redact-agree' });
  await app.waitFor({ id: 'redact-done' }, PATIENT);
  await app.waitFor(() => scrolledTo(app, '[data-testid="audit"] [data-testid="redacted"]'), PATIENT, 'the entry without its text');
  assert.match(await hands.words('redacted'), /Li Na.* asked, .*Chen.* agreed/);
  // On paper every entry stands, in sight or not.
  assert.doesNotMatch(await onPaper(app, () => app.exec('return document.body.textContent')), new RegExp(SECRET));
  await looked('redacted-audit');
  await hands.form(EVENT);
  await app.click({ id: `history-${TERM}` });
  await app.waitFor('[data-testid="dialog-history"] [data-testid="redacted"]', PATIENT);
  assert.doesNotMatch(await app.exec('return document.body.textContent'), new RegExp(SECRET));
  await look('redacted-history', 'redacted-history');
});

test('a request that was declined stays as a record, and the value stays', async () => {
  await app.click({ id: 'close-history' });
  await hands.go('audit');
  await app.waitFor(() => scrolledTo(app, '[data-testid="audit"] [data-testid^="redact-"]'), PATIENT, 'an entry that can be taken out');
  await app.click('[data-testid="audit"] [data-testid^="redact-"]');
  await app.type({ id: 'redact-why' }, 'By mistake.');
  await app.click({ id: 'redact-ask' });
  await app.waitFor({ id: 'redact-asked' }, PATIENT);
  await app.click({ id: 'redact-close' });
  await hands.lock();
  await hands.logIn('admin.zhao', made.password);
  await hands.go('audit');
  await app.waitFor('[data-testid^="redaction-"][data-state="asked"]', PATIENT);
  await app.type({ id: 'redact-no-why' }, 'It identifies nobody.');
  await app.click({ id: 'redact-no' });
  await app.waitGone('[data-testid^="redaction-"][data-state="asked"]');
  await app.click({ id: 'redactions-over' });
  await app.waitFor('[data-testid^="redaction-"][data-state="declined"]', PATIENT);
  assert.match(await hands.words('redactions'), /It identifies nobody/);
});

test('every screen on the way was accessible, with nothing cut or on something else', () => {
  assert.equal(wrong.join('\n'), '');
});
