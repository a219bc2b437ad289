// The hands of the people at the site: logging in, filling forms, waiting for what the screen says.
import { scrolledTo } from './scrolling.mjs';

const PATIENT = 20_000;

export class Hands {
  constructor(app) {
    this.app = app;
  }

  /** Goes to a screen by its address. */
  async go(...parts) {
    const hash = `#/${parts.map((part) => part.split('/').map(encodeURIComponent).join('/')).join('/')}`;
    await this.app.exec((to) => {
      location.hash = to;
    }, hash);
  }

  async screen(name) {
    await this.app.waitFor({ id: `screen-${name}` }, PATIENT);
  }

  /** Logs in, and accepts the declaration where it is due. A file that is not for practice takes its time over a password. */
  async logIn(login, password, patience = PATIENT) {
    const { app } = this;
    await app.click({ id: `person-${login}` });
    await app.type({ id: 'password' }, password, 'Enter');
    await app.waitFor('[data-testid="screen-declaration"], [data-testid="who"]', patience);
    if ((await app.findAll('[data-testid="screen-declaration"]')).length > 0) {
      await app.type({ id: 'declaration-password' }, password);
      await app.click({ id: 'accept-declaration' });
      await app.waitFor({ id: 'who' }, patience);
    }
  }

  /** Records that somebody was trained for the role; the administrator stands in Settings, People. */
  async train(login) {
    const { app } = this;
    await app.click({ id: `train-${login}` });
    await app.type({ id: 'training-topic' }, 'Protocol 1.0, GCP, Cartwright');
    await app.type({ id: 'training-day' }, '2026-01-12');
    await app.click({ id: 'save-training' });
    await app.waitGone(`[data-testid="untrained-${login}"]`);
  }

  async lock() {
    await this.app.click({ id: 'lock' });
    await this.app.waitFor({ id: 'password' }, PATIENT);
  }

  /** Opens a form and waits until it is there. */
  async form(path) {
    await this.go('form', path);
    await this.app.waitFor(`[data-testid="screen-form"] [data-testid="form-state"]`, PATIENT);
    const subject = path.split('/')[0];
    await this.app.waitForText(subject, PATIENT);
    await this.settled();
  }

  /** Nothing on the form is being typed or saved. */
  async settled() {
    await this.app.waitFor(
      () =>
        this.app.exec(
          () =>
            document.querySelector('[data-testid="screen-form"]') !== null &&
            document.querySelector('[data-state="saving"], [data-state="typing"]') === null,
        ),
      PATIENT,
      'everything on the form is saved',
    );
  }

  /** Fills items of a form in the order of the chart; each is saved before the next is looked for. */
  async fill(form, chart, row = 1) {
    let count = 0;
    for (const [name, answer] of Object.entries(chart)) {
      await this.item(row > 1 ? `${form}.${name}-${row}` : `${form}.${name}`, answer);
      count += 1;
    }
    await this.settled();
    return count;
  }

  /** Answers one item as its control asks. */
  async item(mark, answer) {
    const { app } = this;
    await app.waitFor({ id: `item-${mark}` }, PATIENT);
    if (answer.missing) {
      await app.click({ id: `no-value-${mark}` });
      await app.click({ id: `missing-${mark}-${answer.missing}` });
    } else if (answer.codes) {
      await this.pick(mark, answer.codes);
    } else {
      if (answer.unit) await app.click({ id: `unit-${mark}-${answer.unit}` });
      await app.type({ id: `input-${mark}` }, answer.text, 'Enter');
    }
    await this.saved(mark);
  }

  async pick(mark, codes) {
    const { app } = this;
    const list = await app.findAll(`select[data-testid="input-${mark}"]`);
    if (list.length > 0) {
      await app.choose({ id: `input-${mark}` }, codes[0]);
      await app.exec((select) => select.focus(), list[0]);
      await app.press('Enter');
      return;
    }
    for (const code of codes) await app.click({ id: `choice-${mark}-${code}` });
    await app.press('Enter');
  }

  /** The item says that it is saved; what it says otherwise is told. */
  async saved(mark) {
    await this.app.waitFor(
      `[data-testid="state-${mark}"][data-state="saved"], [data-testid="refusal-${mark}"]`,
      PATIENT,
    );
    const refused = await this.app.findAll(`[data-testid="refusal-${mark}"]`);
    if (refused.length > 0) throw new Error(`${mark}: ${await refused[0].text()}`);
  }

  /** Says that the form is complete. Findings of the last answer move the button; who missed it for that presses again. */
  async complete() {
    await this.settled();
    for (let left = 3; left > 0; left -= 1) {
      await this.standing('complete-form');
      await this.app.click({ id: 'complete-form' });
      const done = this.app.waitFor({ id: 'reopen-form' }, left > 1 ? 8_000 : PATIENT);
      if (await done.catch((cause) => this.missed('complete-form', left, cause))) return;
    }
  }

  /** Scrolls down a long list until something of it is drawn. */
  async scrollTo(id) {
    await this.app.waitFor(() => scrolledTo(this.app, `[data-testid="${id}"]`), PATIENT, `${id} down the list`);
  }

  /** Waits until something stands where it stood before. */
  async standing(id) {
    let at = null;
    const still = async () => {
      const before = at;
      at = await this.app.exec((css) => document.querySelector(css)?.getBoundingClientRect().y ?? null, `[data-testid="${id}"]`);
      return at !== null && at === before;
    };
    await this.app.waitFor(still, PATIENT, `${id} to stand still`);
  }

  /** Nothing came of pressing a button that is still there: it is pressed again, if it may be. */
  async missed(id, left, cause) {
    if (left === 1 || (await this.app.findAll(`[data-testid="${id}"]:enabled`)).length === 0) throw cause;
    return null;
  }

  /** The words inside something. */
  async words(id) {
    const element = await this.app.find(`[data-testid="${id}"]`, PATIENT);
    return (await element.text()).replace(/\s+/g, ' ').trim();
  }
}
