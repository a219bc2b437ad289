// One element of the page under test.
import { KEYS, reference } from './webdriver.mjs';

export class Element {
  /** @param window the Window it lives in; @param id WebDriver's reference; @param words how it was asked for */
  constructor(window, id, words) {
    this.window = window;
    this.id = id;
    this.words = words;
  }

  toJSON() {
    return reference(this.id);
  }

  call(method, path, body) {
    return this.window.session.call(method, `/element/${this.id}${path}`, body);
  }

  text() {
    return this.call('GET', '/text');
  }

  /** The attribute as written in the page, or null. */
  attribute(name) {
    return this.window.exec('return arguments[0].getAttribute(arguments[1])', this, name);
  }

  /** A property of the live element, such as `value` or `checked`. */
  property(name) {
    return this.call('GET', `/property/${name}`);
  }

  value() {
    return this.property('value');
  }

  enabled() {
    return this.call('GET', '/enabled');
  }

  displayed() {
    return this.window.exec(
      (element) => element.isConnected && element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
      this,
    );
  }

  focused() {
    return this.window.exec('return document.activeElement === arguments[0]', this);
  }

  /** `{ x, y, width, height }` in CSS pixels. */
  rect() {
    return this.call('GET', '/rect');
  }

  find(css, timeout) {
    return this.window.find(css, timeout, this);
  }

  findAll(css) {
    return this.window.findAll(css, this);
  }

  /** A real click: what covers the element gets it instead, and then this fails. */
  async click() {
    await this.call('POST', '/click', {});
  }

  /** Keys as they are typed, without touching what stands in the field. */
  async send(text) {
    await this.call('POST', '/value', { text });
  }

  /**
   * Replaces what stands in the field by typing, as a person would: WebDriver's own clear makes the field lose the
   * cursor, and the application would save the emptiness. `then` is a key to press afterwards: "Enter" or "Tab".
   */
  async type(text, then) {
    await this.click();
    if ((await this.value()) !== '') {
      await this.send(`${KEYS.Control}a`);
      if (text === '') await this.send(KEYS.Delete);
    }
    if (text !== '') await this.send(text);
    if (then) await this.send(KEYS[then]);
  }

  /** Chooses an option of a <select> by its words or its value. */
  async choose(option) {
    const found = await this.window.exec(
      (select, wanted) =>
        [...select.options].find((each) => each.value === wanted || each.textContent.trim() === wanted) ?? null,
      this,
      option,
    );
    if (found === null) throw new Error(`${this.words} has no option "${option}"`);
    await found.click();
  }
}
