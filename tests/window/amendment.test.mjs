// An amendment in use, in the real window: the administrator brings version 1.1 into force, the investigator moves one
// subject to it, what was entered before reads as before, and the other subject stays as it was.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { endDisplay, start, TOP } from './driver.mjs';
import { Hands } from './hands.mjs';
import { practice } from './practice.mjs';

const PATIENT = 20_000;
const PICTURES = join(TOP, 'target/screenshots');
let made;
before(() => {
  made = practice();
  mkdirSync(PICTURES, { recursive: true });
});
after(endDisplay);

/** A form as the core answers it, to the byte; without the signature, which covers the other subjects' forms as well. */
const page = (app, form) =>
  app.execAsync(
    `async (form) => {
      const { signatures, ...page } = await window.__TAURI_INTERNALS__.invoke('form', { request: { form } });
      return JSON.stringify([page, signatures.length]);
    }`,
    form,
  );

test('an amendment comes into force, a subject moves to it, and nobody else', async () => {
  const app = await start({ home: made.home, open: made.file });
  try {
    const hands = new Hands(app);
    await hands.logIn('dr.chen', made.password);
    const other = await page(app, 'S-002/SCR/HSCT');
    await hands.lock();

    await hands.logIn('admin.zhao', made.password);
    await hands.go('settings', 'study');
    await app.click({ id: 'look-1.1' }, PATIENT);
    assert.match(await hands.words('version-plan'), /HSCT\.DSA .*is new.*CONSENT\.COPY .*asked for no more/s);
    await app.screenshot(join(PICTURES, 'amendment-versions.png'));
    await app.click({ id: 'install-1.1' });
    await app.waitFor({ id: 'version-1.1' }, PATIENT);
    assert.match(await hands.words('version-1.1'), /^1\.1.*Zhao Min\s*0$/);
    await hands.lock();

    await hands.logIn('dr.chen', made.password);
    await hands.go('subjects', 'S-001');
    assert.match(await hands.words('subject-version'), /Protocol version 1\.0/);
    await app.click({ id: 'move-subject' }, PATIENT);
    assert.match(await hands.words('move-forms'), /opened again, because of Donor-specific HLA antibodies/);
    await app.screenshot(join(PICTURES, 'amendment-move.png'));
    await app.click({ id: 'cancel-move' });
    await app.setLocale('zh-Hans');
    await app.click({ id: 'move-subject' }, PATIENT);
    assert.match(await hands.words('move-forms'), /重新打开，原因：供者特异性 HLA 抗体/);
    await app.screenshot(join(PICTURES, 'amendment-move-zh.png'));
    await app.click({ id: 'cancel-move' });
    await app.setLocale('en');
    await app.click({ id: 'move-subject' }, PATIENT);
    await app.type({ id: 'move-why' }, 'Amendment 1.1 approved by the ethics committee');
    await app.click({ id: 'confirm-move' });
    await app.waitFor(async () => /Protocol version 1\.1/.test(await hands.words('subject-version')), PATIENT);

    // The new item is asked; the retired one reads as before, marked.
    await hands.form('S-001/SCR/HSCT');
    await app.waitFor({ id: 'item-HSCT.DSA' }, PATIENT);
    await app.screenshot(join(PICTURES, 'amendment-form.png'));
    await hands.form('S-001/SCR/CONSENT');
    assert.match(await hands.words('retired'), /Signed copy handed over\s*Yes\s*Entered under version 1\.0/);
    await app.screenshot(join(PICTURES, 'amendment-retired.png'));
    // Signed before: the signature stands and says under which version.
    assert.match(await hands.words('signed-under'), /under protocol version 1\.0/);
    assert.ok((await page(app, 'S-002/SCR/HSCT')) === other, 'the form of another subject is as it was');
    await app.setLocale('zh-Hans');
    await app.screenshot(join(PICTURES, 'amendment-retired-zh.png'));
  } finally {
    await app.close();
  }
});
