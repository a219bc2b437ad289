// The window under test: find, click, type, wait, look.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Element } from './element.mjs';
import { axeSource, matchingElements } from './page.mjs';
import { pause } from './processes.mjs';
import { chord, DriverError, idOf, isReference } from './webdriver.mjs';

/** How long `find` and `waitFor` wait unless told, in milliseconds. */
export const PATIENCE = 10_000;

const PASSING = new Set(['stale element reference', 'no such element', 'element click intercepted', 'element not interactable']);

export class Window {
  constructor(session) {
    this.session = session;
  }

  // --- finding ---------------------------------------------------------------------------------------------------

  /** The first element for a CSS selector; waits until there is one. */
  find(css, timeout = PATIENCE, within = null) {
    return this.waitFor(async () => (await this.findAll(css, within))[0], timeout, css);
  }

  /** All elements for a CSS selector, at once and perhaps none. */
  async findAll(css, within = null) {
    const found = await this.exec('return [...(arguments[1] ?? document).querySelectorAll(arguments[0])]', css, within);
    return found.map((element) => Object.assign(element, { words: css }));
  }

  /** The element with this data-testid. */
  findById(testid, timeout = PATIENCE) {
    return this.find(`[data-testid="${testid}"]`, timeout);
  }

  /** The innermost visible element whose whole text is `text` (a string) or contains a match (a RegExp). */
  findByText(text, { css = '*', timeout = PATIENCE } = {}) {
    return this.#match('text', css, text, timeout);
  }

  /** The visible control that assistive technology calls `name`: a string for the whole name, or a RegExp. */
  findByName(name, { css = 'button, a[href], input, select, textarea, [role], [tabindex], summary', timeout = PATIENCE } = {}) {
    return this.#match('name', css, name, timeout);
  }

  /** The visible element with this role and name. */
  findByRole(role, name, { timeout = PATIENCE } = {}) {
    const native = {
      button: 'button, input[type=submit], input[type=button]',
      link: 'a[href]',
      textbox: 'input:not([type]), input[type=text], input[type=password], input[type=search], textarea',
      checkbox: 'input[type=checkbox]',
      radio: 'input[type=radio]',
      combobox: 'select',
      heading: 'h1, h2, h3, h4, h5, h6',
      dialog: 'dialog[open]',
      row: 'tr',
    };
    const css = [`[role="${role}"]`, native[role]].filter(Boolean).join(', ');
    return this.#match('name', css, name ?? /(?:)/, timeout);
  }

  #match(kind, css, wanted, timeout) {
    const words = `${css} with ${kind} ${wanted instanceof RegExp ? wanted : `"${wanted}"`}`;
    const pattern = wanted instanceof RegExp ? { source: wanted.source, flags: wanted.flags } : null;
    const seek = async () => {
      const [found] = await this.exec(matchingElements, kind, css, pattern ? null : wanted, pattern);
      return found && Object.assign(found, { words });
    };
    return this.waitFor(seek, timeout, words);
  }

  /** An Element from a selector, from `{ id }`, `{ text }`, `{ name }` or `{ role, name }`, or as it is. */
  async locate(target, timeout = PATIENCE) {
    if (target instanceof Element) return target;
    if (typeof target === 'string') return this.find(target, timeout);
    if (target.id !== undefined) return this.findById(target.id, timeout);
    if (target.text !== undefined) return this.findByText(target.text, { ...target, timeout });
    if (target.role !== undefined) return this.findByRole(target.role, target.name, { timeout });
    return this.findByName(target.name, { ...target, timeout });
  }

  // --- doing -----------------------------------------------------------------------------------------------------

  /** Clicks what `locate` takes; tries again while the page is moving under it. */
  click(target, timeout = PATIENCE) {
    return this.#steadily(target, timeout, (element) => element.click());
  }

  /** Replaces the content of a field by typing; `then` may be "Enter" or "Tab". */
  type(target, text, then) {
    return this.#steadily(target, PATIENCE, (element) => element.type(text, then));
  }

  /** Chooses an option of a <select> by its words or value. */
  choose(target, option) {
    return this.#steadily(target, PATIENCE, (element) => element.choose(option));
  }

  async #steadily(target, timeout, act) {
    const limit = Date.now() + timeout;
    for (;;) {
      const element = await this.locate(target, Math.max(0, limit - Date.now()));
      try {
        return await act(element);
      } catch (cause) {
        const passing = cause instanceof DriverError && PASSING.has(cause.code) && !(target instanceof Element);
        if (!passing || Date.now() > limit) throw new Error(`${element.words}: ${cause.message}`, { cause });
        await pause(50);
      }
    }
  }

  /** Presses keys where the cursor is: "Enter", "Control+k", or several in order. */
  async press(...keys) {
    for (const each of keys) {
      const actions = [{ type: 'key', id: 'keyboard', actions: chord(each) }];
      await this.session.call('POST', '/actions', { actions });
    }
  }

  // --- waiting ---------------------------------------------------------------------------------------------------

  /** Waits until `condition` (a function, a CSS selector, or what `locate` takes) gives something true, and gives that. */
  async waitFor(condition, timeout = PATIENCE, words = String(condition)) {
    if (typeof condition !== 'function') return this.locate(condition, timeout);
    const limit = Date.now() + timeout;
    let last = null;
    for (;;) {
      try {
        const result = await condition();
        if (result) return result;
        last = null;
      } catch (cause) {
        if (cause instanceof DriverError && !PASSING.has(cause.code) && cause.code !== 'javascript error') throw cause;
        if (!(cause instanceof DriverError)) throw cause;
        last = cause;
      }
      if (Date.now() > limit) {
        const seen = await this.words().catch(() => '(the page does not answer)');
        throw new Error(`waited ${timeout} ms in vain for ${words}.${last ? ` Last: ${last.message}.` : ''} The page says: ${seen}`);
      }
      await pause(50);
    }
  }

  /** Waits until no visible element is there for the selector. */
  waitGone(css, timeout = PATIENCE) {
    const gone = () =>
      this.exec((selector) => ![...document.querySelectorAll(selector)].some((each) => each.checkVisibility()), css);
    return this.waitFor(gone, timeout, `${css} to go`);
  }

  /** Waits for text anywhere in the window. */
  waitForText(text, timeout = PATIENCE) {
    const there = async () => {
      const words = await this.exec('return document.body.innerText');
      return text instanceof RegExp ? text.test(words) : words.includes(text);
    };
    return this.waitFor(there, timeout, `the text ${text}`);
  }

  /** What the page says, shortened. */
  async words() {
    const text = await this.exec('return document.body.innerText');
    const flat = text.replace(/\s+/g, ' ').trim();
    return flat.length > 600 ? `${flat.slice(0, 600)} …` : flat;
  }

  // --- how the pages look ----------------------------------------------------------------------------------------

  /** "en" or "zh-Hans", by the switch on the screen. */
  async setLocale(tag) {
    if ((await this.exec('return document.documentElement.lang')) !== tag) await this.click({ id: 'language' });
    await this.find(`html[lang="${tag}"]`);
  }

  /** "light" or "dark", by the switch on the screen, which goes round: as the system has it, light, dark. */
  async setTheme(theme) {
    const shown = () => this.exec('return document.documentElement.dataset.theme');
    for (let turn = 0; turn < 3 && (await shown()) !== theme; turn += 1) await this.click({ id: 'theme' });
    await this.find(`html[data-theme="${theme}"]`);
  }

  // --- looking ---------------------------------------------------------------------------------------------------

  /** Runs a function (or the body of one) in the page with arguments; Elements pass both ways. */
  async exec(script, ...args) {
    const body = typeof script === 'function' ? `return (${script}).apply(null, arguments)` : script;
    return this.#receive(await this.session.call('POST', '/execute/sync', { script: body, args }));
  }

  /** Like `exec` for a function that returns a promise. */
  async execAsync(script, ...args) {
    const body = `const done = arguments[arguments.length - 1];
      Promise.resolve((${script}).apply(null, [...arguments].slice(0, -1)))
        .then((value) => done({ value: value ?? null }), (cause) => done({ error: String(cause?.stack ?? cause) }));`;
    const answer = await this.session.call('POST', '/execute/async', { script: body, args });
    if (answer.error !== undefined) throw new Error(answer.error);
    return this.#receive(answer.value);
  }

  #receive(value) {
    if (isReference(value)) return new Element(this, idOf(value), 'an element');
    if (Array.isArray(value)) return value.map((each) => this.#receive(each));
    return value;
  }

  title() {
    return this.session.call('GET', '/title');
  }

  /** Sets the size of the window in CSS pixels and waits until the page has it. */
  async resize(width, height) {
    await this.session.call('POST', '/window/rect', { width, height });
    const fits = () => this.exec((w, h) => innerWidth === w && innerHeight === h, width, height);
    await this.waitFor(fits, 3000, `a window of ${width} × ${height}`).catch(async () => {
      const real = await this.exec('return [innerWidth, innerHeight].join(" × ")');
      throw new Error(`the window would not become ${width} × ${height}; it is ${real}`);
    });
  }

  /** Writes what the window shows (or one element) as a PNG file. */
  async screenshot(path, element = null) {
    const at = element ? `/element/${element.id}/screenshot` : '/screenshot';
    // Two frames: what was decided just now is painted then.
    await this.execAsync(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(true)))));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.from(await this.session.call('GET', at), 'base64'));
    return path;
  }

  /** Violations that axe-core finds in the page (or below `css`), as `{ id, impact, help, nodes: [css, …] }`. */
  async axe({ css = null, skip = [] } = {}) {
    // As a script of the driver, not of the page, it is not subject to the page's content security policy.
    if (!(await this.exec('return typeof window.axe === "object"'))) {
      await this.session.call('POST', '/execute/sync', { script: axeSource(), args: [] });
    }
    return this.execAsync(
      async (within, rules) => {
        const off = Object.fromEntries(rules.map((rule) => [rule, { enabled: false }]));
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const { violations } = await window.axe.run(within ?? document, { rules: off, runOnly: { type: 'tag', values: tags } });
        return violations.map(({ id, impact, help, nodes }) => ({
          id,
          impact,
          help,
          nodes: nodes.map((node) => `${node.target.join(' ')}: ${(node.failureSummary ?? '').replace(/\s+/g, ' ')}`),
        }));
      },
      css,
      skip,
    );
  }
}

/** The violations in words, one a line, for the message of an assertion. */
export function axeWords(violations) {
  return violations.map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}\n    ${nodes.join('\n    ')}`).join('\n');
}

