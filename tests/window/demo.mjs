// The demonstration: one trial from an empty screen to a bundle that anyone can verify, through the real window, the real
// core and the real key derivation.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CRS, INFUSION, RESPONSE, SUBJECTS, screening } from './chart.mjs';
import { CLI, endDisplay, makeHome, start, TOP } from './driver.mjs';
import { Hands } from './hands.mjs';
import { begin } from './steps.mjs';

const OUT = process.argv[2] ?? join(TOP, 'target/demo');
const FILE = join(OUT, 'site.cartwright');
const PEOPLE = {
  administrator: ['zhao.min', 'Zhao Min', 'Lantern over quiet harbour 7'],
  nurse: ['li.na', 'Li Na, RN', 'Seven bright umbrellas dry 3'],
  nurse2: ['wang.fang', 'Wang Fang, RN', 'Green tea before the ward 9'],
  investigator: ['chen.wei', 'Chen Wei, MD', 'Old bridge carries spring 4'],
  monitor: ['ana.ruiz', 'Ana Ruiz', 'Paper source beside screen 2'],
};

const { step, show, close } = begin(OUT);
const home = makeHome();
const app = show(await start({ home }));
const hands = new Hands(app);
const logIn = (who) => hands.logIn(PEOPLE[who][0], PEOPLE[who][2]);

async function changePerson(who) {
  await hands.lock();
  await logIn(who);
}

/** Signs in a panel with name (where it is asked) and password. */
async function signIn(panel, who) {
  await app.waitFor({ id: `${panel}-password` });
  const asked = await app.findAll(`[data-testid="${panel}-login"]`);
  if (asked.length > 0) await app.type({ id: `${panel}-login` }, PEOPLE[who][0]);
  await app.type({ id: `${panel}-password` }, PEOPLE[who][2]);
  await app.click({ id: `${panel}-submit` });
}

async function identity(who) {
  await app.click({ id: 'check-identity' });
  await app.waitFor({ id: 'dialog-identity' });
  for (const identifier of ['name', 'mrn', 'birth_date', 'coi', 'lot']) {
    await app.click({ id: `identity-${identifier}-agreed` });
  }
  await app.type({ id: 'identity-value-coi' }, 'COI-26-0001');
  await app.type({ id: 'identity-value-lot' }, 'UC19-2604');
  await app.type({ id: 'login' }, PEOPLE[who][0]);
  await app.type('[data-testid="dialog-identity"] [data-testid="password"]', PEOPLE[who][2]);
  await app.click({ id: 'confirm-identity' });
  await app.waitGone('[data-testid="dialog-identity"]', 20_000);
}

const cli = (...args) => execFileSync(CLI, args, { encoding: 'utf8' });

try {
  await step('Cartwright opens', async () => {
    await app.waitFor({ id: 'create-site' });
    return await app.title();
  });

  // 1. A site file.
  await step('Create a site file and its first administrator', async () => {
    app.answer(FILE);
    await app.click({ id: 'create-site' });
    await app.type({ id: 'field-site' }, '012');
    await app.type({ id: 'field-site-name' }, 'Riverside Haematology Centre');
    await app.click({ id: 'next-step' });
    await app.type({ id: 'field-login' }, PEOPLE.administrator[0]);
    await app.type({ id: 'field-printed-name' }, PEOPLE.administrator[1]);
    await app.type({ id: 'field-identity' }, 'Staff card seen by the head of the ward');
    await app.click({ id: 'next-step' });
    await app.type({ id: 'field-password' }, PEOPLE.administrator[2]);
    await app.type({ id: 'field-password-again' }, PEOPLE.administrator[2]);
    await app.click({ id: 'create-file' });
    await app.waitFor({ id: 'recovery-code' }, 30_000);
    return 'recovery code shown once';
  });
  await step('Type the recovery code back', async () => {
    const code = await hands.words('recovery-code');
    await app.click({ id: 'next-step' });
    await app.type({ id: 'field-recovery-typed' }, code);
    await app.click({ id: 'confirm-recovery' });
    await app.waitFor({ id: 'screen-declaration' }, 20_000);
    await app.type({ id: 'declaration-password' }, PEOPLE.administrator[2]);
    await app.click({ id: 'accept-declaration' });
    await app.waitFor({ id: 'who' }, 20_000);
  });
  await step('Lock, then a wrong password is refused in words', async () => {
    await hands.lock();
    await app.click({ id: `person-${PEOPLE.administrator[0]}` });
    await app.type({ id: 'password' }, 'not the password at all', 'Enter');
    return await hands.words('login-problem');
  });
  await step('Unlock', async () => {
    await app.waitFor(async () => (await app.findAll('[data-testid="wait"]')).length === 0, 30_000);
    await logIn('administrator');
  });

  // 2. People.
  const roles = [
    ['nurse', 'nurse'],
    ['nurse2', 'nurse'],
    ['investigator', 'investigator'],
    ['monitor', 'monitor'],
  ];
  await step('Add two nurses, an investigator and a monitor, each with an own password', async () => {
    await hands.go('settings');
    await hands.screen('settings');
    for (const [who, role] of roles) {
      await app.click({ id: 'add-person' });
      await app.type({ id: 'person-printed-name' }, PEOPLE[who][1]);
      await app.type({ id: 'person-login' }, PEOPLE[who][0]);
      await app.click({ id: 'person-role' });
      await app.click({ id: `person-role-${role}` });
      await app.type({ id: 'person-identity' }, 'Staff card seen');
      await app.click({ id: 'person-next' });
      await app.type({ id: 'person-password' }, PEOPLE[who][2]);
      await app.type({ id: 'person-password-again' }, PEOPLE[who][2]);
      await app.click({ id: 'save-person' });
      await app.waitFor({ id: `key-${PEOPLE[who][0]}` }, 20_000);
    }
  });
  await step('Record everybody’s training, without which nobody attests anything', async () => {
    for (const [who] of roles) await hands.train(PEOPLE[who][0]);
  });

  // 3. Three subjects.
  await changePerson('nurse');
  await step('The nurse adds three subjects by code', async () => {
    for (const subject of SUBJECTS) {
      await hands.go('subjects');
      await hands.screen('subjects');
      await app.click({ id: 'add-subject' });
      await app.type({ id: 'field-subject' }, subject);
      await app.click({ id: 'save-subject' });
      await hands.screen('subject');
    }
    return SUBJECTS.join(', ');
  });
  for (const subject of SUBJECTS) {
    await step(`Screening of ${subject}`, async () => {
      const { forms, open } = screening(subject);
      let items = 0;
      for (const [form, chart] of Object.entries(forms)) {
        await hands.form(`${subject}/SCR/${form}`);
        items += await hands.fill(form, chart);
        if (!open.includes(form)) await hands.complete();
      }
      await hands.go('subjects', subject);
      await hands.screen('subject');
      return `${Object.keys(forms).length} forms, ${items} items`;
    });
  }
  const verdicts = { 'S-001': 'eligible', 'S-002': 'ineligible', 'S-003': 'pending' };
  for (const [subject, verdict] of Object.entries(verdicts)) {
    await step(`Eligibility of ${subject}`, async () => {
      await hands.go('eligibility', subject);
      await app.waitFor(`[data-testid="verdict"][data-verdict="${verdict}"]`, 20_000);
      return await hands.words('verdict');
    });
  }
  await step('What is missing jumps to the item', async () => {
    const missing = await app.findAll('[data-testid="missing-item"]');
    assert.ok(missing.length > 0, 'something is missing');
    const words = (await missing[0].text()).replace(/\s+/g, ' ');
    await app.click('[data-testid="missing-item"]');
    await hands.screen('form');
    return words;
  });

  // 4. Confirmed and signed.
  await changePerson('investigator');
  await step('The investigator confirms and signs eligibility', async () => {
    await hands.go('eligibility', 'S-001');
    await app.click({ id: 'confirm-eligibility' });
    await signIn('sign', 'investigator');
    await app.waitFor({ id: 'confirmation' }, 30_000);
    return await hands.words('confirmation');
  });

  await step('The eligibility statement on paper', async () => {
    app.answer(OUT);
    await app.click({ id: 'write-statement' });
    await app.waitFor({ id: 'statement-written' }, 60_000);
    const paper = execFileSync('pdftotext', [join(OUT, 'S-001-eligibility-en.pdf'), '-'], { encoding: 'utf8' });
    assert.match(paper, /Chen Wei, MD/);
    assert.match(paper, /E18/);
    return 'S-001-eligibility-en.pdf';
  });

  // 5. Infusion, CRS, response.
  await changePerson('nurse2');
  await changePerson('nurse');
  await step('Two people compare patient and bag, each with an own log-in', async () => {
    await hands.form('S-001/INF/INFUSION');
    await identity('nurse');
    await identity('nurse2');
    return await hands.words('identity-result');
  });
  await step('The infusion record', async () => {
    const items = await hands.fill('INFUSION', INFUSION);
    await hands.complete();
    return `${items} items; ${await hands.words('arithmetic-INFUSION.PER_KG')}`;
  });
  await step('A CRS assessment', async () => {
    await hands.form('S-001/CRS/CRS');
    await hands.fill('CRS', CRS);
    await hands.complete();
    return await hands.words('because-CRS.GRADE');
  });
  await step('The day-28 response', async () => {
    await hands.form('S-001/D28/RESPONSE');
    await hands.fill('RESPONSE', RESPONSE);
    await hands.complete();
    return await hands.words('because-RESPONSE.CATEGORY');
  });
  await changePerson('investigator');
  await step('The investigator confirms grade and category', async () => {
    await hands.form('S-001/CRS/CRS');
    await app.click({ id: 'confirm-CRS.GRADE' });
    await app.waitFor({ id: 'confirmed-CRS.GRADE' }, 20_000);
    await hands.form('S-001/D28/RESPONSE');
    await app.click({ id: 'confirm-RESPONSE.CATEGORY' });
    return await hands.words('confirmed-RESPONSE.CATEGORY');
  });

  // 6. Monitoring.
  await changePerson('monitor');
  await step('The monitor verifies against the source and asks', async () => {
    await hands.go('review', 'S-001');
    await hands.screen('review');
    for (const item of ['CONSENT.DATE', 'DM.SEX', 'RESPONSE.PLT']) {
      await hands.scrollTo(`verify-${item}`);
      await app.click({ id: `verify-${item}` });
      await app.waitFor({ id: `verified-${item}` }, 20_000);
    }
    await app.click({ id: 'ask-RESPONSE.PLT' });
    await app.type({ id: 'query-text' }, 'The laboratory print-out reads 43. Please compare with the source.');
    await app.click({ id: 'raise-query' });
    await app.waitGone('[data-testid="query-text"]', 20_000);
  });
  await changePerson('nurse');
  await step('The nurse corrects the value with a reason and answers', async () => {
    await hands.form('S-001/D28/RESPONSE');
    await app.type({ id: 'input-RESPONSE.PLT' }, '43', 'Enter');
    await app.waitFor({ id: 'give-reason' });
    await app.click({ id: 'reason-transcription' });
    await app.click({ id: 'give-reason' });
    await app.waitFor({ id: 'changed-RESPONSE.PLT' }, 20_000);
    const query = await app.find('[data-testid="item-RESPONSE.PLT"] [data-testid^="query-"]');
    const id = (await query.attribute('data-testid')).replace('query-', '');
    await app.type({ id: `answer-${id}` }, 'Corrected from the print-out.');
    await app.click({ id: 'answer-query' });
    await app.waitGone('[data-testid="answer-query"]', 20_000);
    await hands.settled();
    return 'the verification of the item fell visibly';
  });
  await changePerson('monitor');
  await step('The monitor closes the query', async () => {
    await hands.form('S-001/D28/RESPONSE');
    const query = await app.find('[data-testid="item-RESPONSE.PLT"] [data-testid^="query-"]');
    await query.find('[data-testid="close-query"]').then((button) => button.click());
    await app.waitGone('[data-testid="queried-RESPONSE.PLT"]', 20_000);
  });

  // 7. Signature and bundle.
  await changePerson('investigator');
  await step('The investigator signs the completed forms', async () => {
    await hands.go('sign');
    await hands.screen('sign');
    await signIn('sign', 'investigator');
    await app.waitFor({ id: 'signed' }, 30_000);
    return await hands.words('signed');
  });
  await step('Export, plain and sealed for the monitor', async () => {
    const keys = mkdtempSync(join(tmpdir(), 'monitor-'));
    execFileSync('age-keygen', ['-o', join(keys, 'monitor.agekey')], { stdio: 'ignore' });
    const recipient = execFileSync('age-keygen', ['-y', join(keys, 'monitor.agekey')], { encoding: 'utf8' }).trim();
    app.answer(OUT);
    await hands.go('exchange');
    await hands.screen('exchange');
    await app.click({ id: 'export-sealed' });
    await app.type({ id: 'export-recipients' }, recipient);
    await app.click({ id: 'export-bundle' });
    await app.waitFor({ id: 'exported' }, 60_000);
    const sealed = readdirSync(OUT).find((name) => name.endsWith('.age'));
    execFileSync('age', ['-d', '-i', join(keys, 'monitor.agekey'), '-o', join(keys, 'opened.zip'), join(OUT, sealed)]);
    const plain = readFileSync(join(OUT, sealed.replace('.age', '')));
    assert.ok(plain.equals(readFileSync(join(keys, 'opened.zip'))), 'sealed and plain are the same bundle');
    rmSync(keys, { recursive: true });
    return await hands.words('exported');
  });

  // 8. Verified.
  await step('The bundle verifies in the window', async () => {
    const bundle = join(OUT, readdirSync(OUT).find((name) => name.endsWith('.cwb.zip')));
    app.answer(bundle);
    await app.click({ id: 'verify-bundle' });
    await app.waitFor('[data-testid="verify-result"][data-outcome="holds"]', 60_000);
    return basename(bundle);
  });
  await step('The same in Chinese and in the dark', async () => {
    await app.setLocale('zh-Hans');
    await app.setTheme('dark');
    await hands.go('form', 'S-001/D28/RESPONSE');
    await hands.screen('form');
    await app.waitFor({ id: 'because-RESPONSE.CATEGORY' }, 20_000);
    return await hands.words('because-RESPONSE.CATEGORY');
  });
  await hands.lock();
  await app.close();
  show(null);
  await step(
    'One byte changed anywhere is refused',
    async () => {
      const bundle = readdirSync(OUT).find((name) => name.endsWith('.cwb.zip'));
      const bad = mkdtempSync(join(tmpdir(), 'changed-'));
      mkdirSync(bad, { recursive: true });
      copyFileSync(join(OUT, 'allowed_signers'), join(bad, 'allowed_signers'));
      const bytes = readFileSync(join(OUT, bundle));
      for (const at of [10, Math.floor(bytes.length / 2), bytes.length - 5]) {
        const changed = Buffer.from(bytes);
        changed[at] ^= 1;
        writeFileSync(join(bad, bundle), changed);
        assert.throws(() => cli('verify', join(bad, bundle)), { status: 1 });
      }
      rmSync(bad, { recursive: true });
      return '3 places tried; the test of the whole bundle tries every byte';
    },
    { picture: false },
  );
  await step(
    'cartwright-cli check finds the site file whole',
    async () => {
      const secret = join(home, 'password');
      writeFileSync(secret, `${PEOPLE.investigator[2]}\n`);
      const said = execFileSync(CLI, ['check', FILE, '--user', PEOPLE.investigator[0], '--password-file', secret], {
        encoding: 'utf8',
        env: { ...process.env, XDG_DATA_HOME: join(home, 'none') },
      });
      return said.trim().split('\n').pop();
    },
    { picture: false },
  );
  close();
} finally {
  await app.close();
  await endDisplay();
}
