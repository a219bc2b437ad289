// An investigator's ten minutes by the keyboard alone, on the real core: thirty forms of three subjects changed since they
// were signed, read through and signed; the power cut right after; the same again in Chinese.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';
import { Keyboard } from './keyboard.mjs';
import { practice } from './practice.mjs';

const PATIENT = 20_000;
let made;
before(() => {
  made = practice();
});
after(endDisplay);

const words = async (app, id) => (await (await app.findById(id, PATIENT)).text()).replace(/\s+/g, ' ').trim();

/**
 * Runs in the page of whoever may enter: changes one value on so many complete forms, with a reason, through the same
 * commands the screens use. Answers the forms.
 */
async function change(most, turn) {
  const ask = (name, request) => window.__TAURI_INTERNALS__.invoke(name, { request });
  const study = await ask('study_in_force', {});
  const kinds = new Map(study.forms.flatMap((f) => f.groups.flatMap((g) => g.items.map((i) => [i.oid, i]))));
  const changed = [];
  const { subjects } = await ask('subjects', {});
  for (const [at, { subject }] of subjects.entries()) {
    const enough = (most * (at + 1)) / subjects.length;
    const { visits } = await ask('subject', { subject });
    for (const cell of visits.flatMap((visit) => visit.forms)) {
      if (changed.length >= enough) break;
      const form = await ask('form', { form: cell.form });
      if (!form.reason_due) continue;
      const items = form.groups.flatMap((group) => group.rows.flatMap((row) => row.items));
      const tries = items
        .filter((item) => item.shown && item.value !== null)
        .map((item) => ({ item, ...other(item.value, kinds.get(item.path.split('/').pop()).kind, turn) }))
        .filter((each) => each.rank !== undefined)
        .sort((a, b) => a.rank - b.rank);
      for (const { item, text = '', codes = [] } of tries) {
        const reason = { code: 'transcription' };
        const { path, value } = item;
        const request = { path, text, unit: value.unit ?? null, codes, missing: null, by_hand: false, reason, hide_answers: true };
        const now = await ask('enter_value', request).catch(() => ({}));
        // What the change leaves open opens the form again: then another value is tried.
        if (now.state === 'changed' && now.may_reopen === null) {
          changed.push(cell.form);
          break;
        }
      }
    }
  }
  return changed;

  /** Another value of the same kind, and how gladly it is taken: words first, answers last. */
  function other(value, kind, round) {
    if (value.type === 'text' && kind.kind === 'text') return { rank: 1, text: `${value.text.replace(/ \(\d\)$/, '')} (${round})` };
    if (value.type === 'number') return { rank: 2, text: value.number.replace(/\d$/, (d) => String(d === '9' ? 8 : Number(d) + 1)) };
    if (value.type === 'date') return { rank: 3, text: value.date.replace(/\d$/, (d) => String(d === '9' ? 8 : Number(d) + 1)) };
    if (value.type !== 'code') return {};
    const list = study.codelists.find((one) => one.oid === kind.codelist).codes.map((one) => one.code);
    return { rank: 4, codes: [list[(list.indexOf(value.code) + 1) % list.length]] };
  }
}

/** The nurse corrects thirty forms and leaves; the investigator sits down. */
async function corrected(app, keys, turn) {
  await keys.logIn('nurse.li', made.password);
  await app.waitFor({ id: 'screen-today' }, PATIENT);
  const forms = await app.execAsync(`async (most, turn) => { ${change.toString()} return change(most, turn); }`, 30, turn);
  assert.equal(forms.length, 30, `thirty forms changed: ${forms.join(' ')}`);
  assert.equal(new Set(forms.map((form) => form.split('/')[0])).size, 3);
  await keys.lock();
  await keys.logIn('dr.chen', made.password);
  return forms;
}

/** What is due is read through and signed. */
async function sign(app, keys, forms) {
  await keys.tabTo('nav-sign');
  await keys.press('Enter');
  await app.waitFor({ id: 'screen-sign' }, PATIENT);
  const due = forms.map((form) => `to-sign-${form.split('/').join('-')}`);
  for (const id of due) await app.waitFor({ id }, PATIENT);
  // What was signed and what stands there now are read beside the form.
  const said = await words(app, due[0]);
  assert.match(said, /→/, said);
  await keys.tabTo('sign-password', 400);
  if ((await app.findAll('[data-testid="sign-login"]')).length > 0) {
    await keys.press('Shift+Tab');
    await keys.type('dr.chen');
    await keys.press('Tab');
  }
  await keys.type(made.password);
  await keys.press('Enter');
  await app.waitFor({ id: 'signed' }, 60_000);
  return words(app, 'signed');
}

test('thirty changed forms of three subjects are signed; the signature outlives a power cut', async (t) => {
  const app = await start({ home: made.home, open: made.file });
  let forms;
  try {
    const keys = new Keyboard(app);
    forms = await corrected(app, keys, 1);
    const begun = performance.now();
    const before = keys.presses;
    assert.match(await sign(app, keys, forms), /covers (3\d|[4-9]\d) record/);
    t.diagnostic(`30 changed forms signed: ${keys.presses - before} key presses, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  } finally {
    await app.kill();
  }
  const again = await start({ home: made.home, open: made.file });
  try {
    const keys = new Keyboard(again);
    await keys.tabTo('language');
    await keys.press('Enter');
    await again.find('html[lang="zh-Hans"]');
    forms = await corrected(again, keys, 2);
    assert.match(await sign(again, keys, forms), /已签名|签名/);
    // The ground under a signed verdict moved: it is said on the same screen.
    assert.match(await words(again, 'screen-sign'), /依据已变更/);
  } finally {
    await again.close();
  }
});
