// A person at the keyboard and nothing else: keys are pressed where the cursor is, counted, and never aimed.
import { chord } from './webdriver.mjs';

const PATIENT = 20_000;

export class Keyboard {
  /** Keys pressed so far, each once however long it is held; Shift, Ctrl and Alt count as keys of their own. */
  presses = 0;

  constructor(app) {
    this.app = app;
  }

  /** Presses keys or chords in order. */
  async press(...keys) {
    this.presses += keys.reduce((sum, key) => sum + key.split('+').length, 0);
    await this.app.press(...keys);
  }

  /** Types a text where the cursor is; `gap` milliseconds between two characters, as a hand or a scanner has them. */
  async type(text, gap = 0) {
    this.presses += [...text].length;
    const strokes = [...text].flatMap((key) => [...chord(key), ...(gap > 0 ? [{ type: 'pause', duration: gap }] : [])]);
    await this.app.session.call('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: strokes }] });
  }

  /** What the cursor is in: the test id of the control, and the item it belongs to. */
  where() {
    return this.app.exec(() => {
      const here = document.activeElement;
      return {
        id: here?.closest('[data-testid]')?.dataset.testid ?? null,
        item: here?.closest('[data-path]')?.dataset.path.split('/').pop() ?? null,
        path: here?.closest('[data-path]')?.dataset.path ?? null,
      };
    });
  }

  /** Goes on with Tab until the cursor is at something, by test id or by where a link leads; no more than so many steps. */
  async tabTo(wanted, steps = 120, key = 'Tab') {
    const there = (id, href) => {
      const here = document.activeElement;
      if (here?.closest('[data-testid]')?.dataset.testid === id) return true;
      return here instanceof HTMLAnchorElement && decodeURIComponent(here.hash) === href;
    };
    for (let step = 0; step < steps; step += 1) {
      if (await this.app.exec(there, wanted, wanted)) return;
      await this.press(key);
    }
    throw new Error(`${steps} times ${key} did not lead to ${wanted}; the cursor is at ${JSON.stringify(await this.where())}`);
  }

  /** Waits until the cursor is in an item. */
  async at(item) {
    await this.app.waitFor(async () => (await this.where()).item === item, PATIENT, `the cursor at ${item}`);
  }

  /** Logs in from the screen that lists the people. */
  async logIn(login, password) {
    await this.app.waitFor({ id: `person-${login}` }, PATIENT);
    await this.tabTo(`person-${login}`);
    await this.press('Enter');
    await this.tabTo('password');
    await this.type(password);
    await this.press('Enter');
    await this.app.waitFor({ id: 'who' }, PATIENT);
  }

  async lock() {
    await this.tabTo('lock');
    await this.press('Enter');
    await this.app.waitFor('[data-testid^="person-"]', PATIENT);
  }

  /** Opens a form by its subject: the list of subjects, the subject's casebook, the form. */
  async form(path) {
    const [subject] = path.split('/');
    await this.tabTo('nav-subjects');
    await this.press('Enter');
    await this.follow(`#/subjects/${subject}`);
    await this.follow(`#/form/${path}`);
    await this.app.waitFor('[data-testid="screen-form"] [data-testid="form-state"]', PATIENT);
  }

  /** Goes to a link, once it is there, and opens it. */
  async follow(href) {
    const there = (hash) => [...document.querySelectorAll('main a')].some((a) => decodeURIComponent(a.hash) === hash);
    await this.app.waitFor(() => this.app.exec(there, href), PATIENT, `a link to ${href}`);
    await this.tabTo(href, 200);
    await this.press('Enter');
  }

  /** An item is saved, and says so. */
  async saved(mark) {
    await this.app.waitFor(`[data-testid="state-${mark}"][data-state="saved"]`, PATIENT);
  }

  /** Answers the item the cursor is in, and goes on. A `pick` waits for the answer: it may ask for more. */
  async answer(item, { text, pick, scan, missing, unit }, mark = item) {
    await this.at(item);
    if (missing !== undefined) {
      await this.press('Alt+n');
      await this.app.waitFor({ id: `missing-${mark}` });
      await this.press(missing);
    } else if (pick !== undefined) {
      for (const digit of pick) await this.press(digit);
      if (pick.length === 1) await this.saved(mark);
      await this.press('Enter');
    } else {
      await this.type(scan ?? text);
      await this.press('Enter');
      if (unit !== undefined) await this.press(unit);
    }
  }
}

const text = (value) => ({ text: value });
const pick = (...digits) => ({ pick: digits });

/** An infusion record of one subject as a nurse reads it off the chart, in the order of the form: 43 items with a set of vital signs. */
export const RECORD = [
  ['INFUSION.DATE', text('2026-09-28')],
  ['INFUSION.COI', { scan: 'COI-26-0003' }],
  ['INFUSION.LOT', { scan: 'UC19-2604' }],
  ['INFUSION.BAG', { scan: 'BAG-0003-A' }],
  ['INFUSION.EXPIRY', text('2027-03')],
  ['INFUSION.INTACT', pick('1')],
  ['INFUSION.DONOR_ABO', pick('3')],
  ['INFUSION.PLANNED', text('2.5')],
  ['INFUSION.WEIGHT_LD', text('68.4')],
  ['INFUSION.WEIGHT_D0', text('67.9')],
  ['INFUSION.VOLUME', text('50')],
  ['INFUSION.CELLS', text('10')],
  ['INFUSION.VIABILITY', text('91.5')],
  ['INFUSION.CD3', text('96.2')],
  ['INFUSION.CAR', text('38.4')],
  ['INFUSION.TOCI', text('2')],
  ['INFUSION.EQUIPMENT_AT', text('0905')],
  ['INFUSION.PREMED', pick('1')],
  ['INFUSION.PREMED_DRUGS', pick('1', '2')],
  ['INFUSION.PREMED_AT', text('2026-09-28 09:40')],
  ['INFUSION.STEROID', pick('2')],
  ['INFUSION.THAW_METHOD', pick('1')],
  ['INFUSION.THAW_TEMP', text('37.0 C')],
  ['INFUSION.THAW_TOOK', text('4')],
  ['INFUSION.THAW_END', text('2026-09-28 10:15')],
  ['INFUSION.START', text('2026-09-28 10:27')],
  ['INFUSION.STOP', text('2026-09-28 10:45')],
  ['INFUSION.ACCESS', pick('1')],
  ['INFUSION.WHOLE', pick('1')],
  ['INFUSION.FLUSHED', pick('1')],
  ['INFUSION.REACTION', pick('1')],
  ['INFUSION.REACTION_SIGNS', pick('1', '2')],
  ['INFUSION.REACTION_ONSET', text('11:05')],
  ['INFUSION.REACTION_TOOK', text('1:30')],
  ['INFUSION.REACTION_GRADE', pick('1')],
  ['INFUSION.REACTION_TEXT', text('Chills, paracetamol again')],
];

/** Vital signs of one set, in the order of the row. */
export const VITALS = [
  ['INFUSION.V_AT', text('2026-09-28 10:20')],
  ['INFUSION.V_TEMP', { text: '36.8', unit: 'Enter' }],
  ['INFUSION.V_HR', text('84')],
  ['INFUSION.V_SBP', text('118')],
  ['INFUSION.V_DBP', text('72')],
  ['INFUSION.V_RR', text('16')],
  ['INFUSION.V_SPO2', { missing: '1' }],
];

/** Fills the record from an item on to the last vital sign and completes it; the form is open, the cursor at that item. */
export async function record(keys, { rows = 1, from = 'INFUSION.DATE' } = {}) {
  for (const [item, answer] of RECORD.slice(RECORD.findIndex(([item]) => item === from))) {
    const slow = item === 'INFUSION.REACTION_TEXT';
    await keys.answer(item, answer);
    if (slow) await keys.press('Control+Enter');
  }
  for (let row = 1; row <= rows; row += 1) {
    await keys.app.waitFor(async () => (await keys.where()).id === 'add-row-INFUSION.VITALS', PATIENT, 'the way to a new row');
    await keys.press('Enter');
    for (const [item, answer] of VITALS) await keys.answer(item, answer, row > 1 ? `${item}-${row}` : item);
  }
  await keys.press('Control+Enter');
  await keys.app.waitFor({ id: 'reopen-form' }, PATIENT);
  return RECORD.length + rows * VITALS.length;
}
