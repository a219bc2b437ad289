// What the world refuses, said in words on the screen of the real window; nothing is lost.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { endDisplay, makeHome, SHIPPED, start } from './driver.mjs';
import { Hands } from './hands.mjs';
import { practice } from './practice.mjs';

let made;
before(() => {
  made = practice();
});
after(endDisplay);

/** A window on a file, closed whatever happens. */
async function withWindow(options, act) {
  const app = await start(options);
  try {
    await act(app, new Hands(app));
  } finally {
    await app.close();
  }
}

test('a wrong password is refused in words, in both languages', async () => {
  await withWindow({ home: made.home, open: made.file }, async (app, hands) => {
    await app.click({ id: 'person-nurse.li' });
    await app.type({ id: 'password' }, 'not the password', 'Enter');
    assert.match(await hands.words('login-problem'), /password do not fit/);
    await app.setLocale('zh-Hans');
    assert.match(await hands.words('login-problem'), /密码/);
    await app.setLocale('en');
  });
});

test('a file that is none is refused in words', async () => {
  const other = join(made.home, 'letter.cartwright');
  writeFileSync(other, 'Dear colleague, '.repeat(9000));
  await withWindow({ home: made.home, open: other }, async (app, hands) => {
    assert.match(await hands.words('open-problem'), /not a site file/i);
  });
});

test('a second window on the same file is refused in words, without a session bus too', async () => {
  await withWindow({ home: made.home, open: made.file }, async (app, hands) => {
    await hands.logIn('nurse.li', made.password);
    await withWindow({ home: made.home, open: made.file }, async (second, others) => {
      await second.waitFor('[data-testid="open-problem"], [data-testid="person-nurse.li"]', 20_000);
      if ((await second.findAll('[data-testid="person-nurse.li"]')).length > 0) {
        await second.click({ id: 'person-nurse.li' });
        await second.type({ id: 'password' }, made.password, 'Enter');
        assert.match(await others.words('login-problem'), /open/i);
      } else {
        assert.match(await others.words('open-problem'), /open/i);
      }
    });
    await hands.go('subjects');
    await app.waitFor({ id: 'open-S-001' });
  });
});

test('what cannot be read stays in the field, marked not saved, and is offered after the power went', async () => {
  const home = made.home;
  const app = await start({ home, open: made.file });
  try {
    const hands = new Hands(app);
    await hands.logIn('nurse.li', made.password);
    await hands.form('S-003/SCR/PERF');
    await app.type({ id: 'input-PERF.HR' }, 'about eighty', 'Enter');
    assert.match(await hands.words('refusal-PERF.HR'), /number/i);
    assert.equal(await (await app.findById('input-PERF.HR')).property('value'), 'about eighty');
    await app.waitFor('[data-testid="state-PERF.HR"][data-state="not_saved"]');
  } finally {
    await app.kill();
  }
  await withWindow({ home, open: made.file }, async (again, hands) => {
    await hands.logIn('nurse.li', made.password);
    await hands.form('S-003/SCR/PERF');
    assert.match(await hands.words('offered-PERF.HR'), /about eighty/);
  });
});

test('a press on Lock locks, though leaving the item would ask for a reason; what was typed is offered again', async () => {
  await withWindow({ home: made.home, open: made.file }, async (app, hands) => {
    await hands.logIn('nurse.li', made.password);
    await hands.form('S-001/SCR/PERF');
    await app.type({ id: 'input-PERF.HR' }, '97');
    await hands.lock();
    await hands.logIn('nurse.li', made.password);
    await hands.form('S-001/SCR/PERF');
    assert.match(await hands.words('offered-PERF.HR'), /97/);
  });
});

test('a shipped binary has no door for tests, whatever the environment says', async () => {
  assert.ok(existsSync(SHIPPED), 'it was built');
  const home = makeHome();
  const elsewhere = join(home, 'elsewhere');
  const env = { CARTWRIGHT_APP_DATA: elsewhere };
  await assert.rejects(start({ binary: SHIPPED, patience: 6000, home, env }), /did not come up in two tries/);
  assert.ok(!existsSync(elsewhere), 'its data went to where a person keeps it');
  assert.ok(existsSync(join(home, 'share/study.cartwright.desktop')), 'it did start');
});
