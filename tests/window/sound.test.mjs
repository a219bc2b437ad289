// Whether the file is sound, in the real window: verified while somebody works, stopped, begun anew; and a file of which a
// byte was altered says so on every screen.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { picture } from './pictures.mjs';
import { practice } from './practice.mjs';

let app;
let made;
let hands;

async function begin() {
  app = await start({ home: made.home, open: made.file });
  hands = new Hands(app);
}

before(async () => {
  made = practice({ subjects: 3 });
  await begin();
});
after(async () => {
  await app?.close();
  await endDisplay();
});

test('from the opening on it is verified by itself, and the screen says what was found', async () => {
  await hands.logIn('nurse.li', made.password);
  await hands.go('settings', 'file');
  await app.waitFor('[data-testid="check-result"][data-holds="true"]', 120_000);
  assert.match(await hands.words('check-last'), /\d{4}/);
  await picture(app, 'sound');
});

test('everything is verified on demand: it says how far it is, is stopped, and begins anew', async () => {
  await app.click({ id: 'check-file' });
  await app.waitFor({ id: 'check-running' }, 20_000);
  await app.waitFor({ id: 'rail-check' }, 20_000);
  assert.match(await hands.words('check-running'), /\d+ %/);
  await picture(app, 'verifying');
  await app.click({ id: 'check-stop' });
  await app.waitFor({ id: 'check-stopped' }, 20_000);
  await app.waitGone('[data-testid="rail-check"]');
  await app.click({ id: 'check-file' });
  await app.waitFor({ id: 'check-running' }, 20_000);
  // Meanwhile somebody works.
  await hands.form('S-003/SCR/DM');
  await hands.go('settings', 'file');
  await app.waitFor('[data-testid="check-result"][data-holds="true"][data-full="true"]', 120_000);
});

test('a byte that was altered is told on every screen', async () => {
  await app.close();
  const whole = readFileSync(made.file);
  const pages = Math.floor((whole.length - 65_536) / 4096);
  let open = false;
  // A page that opening does not read: it opens, and that page is not what was written.
  for (const part of [0.5, 0.62, 0.38, 0.74, 0.26, 0.86, 0.44, 0.56]) {
    const bytes = Buffer.from(whole);
    bytes[65_536 + Math.floor(pages * part) * 4096 + 2000] ^= 1;
    writeFileSync(made.file, bytes);
    await begin();
    await app.click({ id: 'person-dr.chen' });
    await app.type({ id: 'password' }, made.password, 'Enter');
    await app.waitFor('[data-testid="login-problem"], [data-testid="who"]', 20_000);
    open = (await app.findAll('[data-testid="who"]')).length > 0;
    if (open) break;
    await app.close();
  }
  assert.ok(open, 'one of the pages is not read at opening');
  await hands.go('settings', 'file');
  await app.waitFor('[data-testid="check-result"], [data-testid="check-file"]', 20_000);
  if ((await app.findAll('[data-testid="check-file"]')).length > 0) await app.click({ id: 'check-file' });
  await app.waitFor('[data-testid="check-result"][data-holds="false"]', 120_000);
  await app.waitFor({ id: 'unsound' }, 20_000);
  await picture(app, 'unsound');
  await hands.go('subjects');
  await app.waitFor({ id: 'unsound' }, 20_000);
});
