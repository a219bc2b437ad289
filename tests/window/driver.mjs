// Starts the application under WebKitGTK's own WebDriver on a virtual display, each time in a home of its own.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endDisplay, virtualDisplay } from './display.mjs';
import { birth, end, family, freePort, launch, memoryOf, pause, programOf } from './processes.mjs';
import { ready, Session } from './webdriver.mjs';
import { Window } from './window.mjs';

export { axeWords } from './window.mjs';
export { endDisplay };

export const TOP = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** The window with its seams for tests, as `make` puts it there. */
export const BINARY = process.env.CARTWRIGHT_BINARY ?? join(TOP, 'target/window/cartwright');
/** The window as it ships: the same sources without the feature `automation`. */
export const SHIPPED = process.env.CARTWRIGHT_SHIPPED ?? join(TOP, 'target/window/cartwright-shipped');
/** The command line. */
export const CLI = process.env.CARTWRIGHT_CLI ?? join(TOP, 'target/debug/cartwright-cli');

const HOMES = join(TOP, 'target/window/homes');
const LOGS = join(TOP, 'target/window/logs');

const homes = new Set();
process.on('exit', () => homes.forEach(remove));

/** A fresh folder that stands for one person's home on one laptop; gone when the test process ends. */
export function makeHome() {
  mkdirSync(HOMES, { recursive: true });
  const home = mkdtempSync(join(HOMES, 'home-'));
  homes.add(home);
  return home;
}

function remove(home) {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  homes.delete(home);
}

/**
 * Starts the application and waits for its window.
 *
 * - `home`   folder of the application's data; given one is kept, without one a fresh one is removed on close
 * - `open`   a site file to open at the start
 * - `env`    more environment
 * - `size`   of the page in CSS pixels
 * - `bus`    true: a session bus of its own (none otherwise)
 * - `binary`, `args` another program than the window of the tests
 * - `patience` milliseconds until a session must be there; there are two tries
 */
export async function start(options = {}) {
  const { size = [1280, 800], patience = 20_000 } = options;
  const binary = options.binary ?? BINARY;
  if (!existsSync(binary)) throw new Error(`${binary} is not there: \`make window\` builds it.`);
  mkdirSync(LOGS, { recursive: true });
  const home = options.home ?? makeHome();
  const log = join(LOGS, `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}.log`);
  const env = await environment(home, log, options);
  const begun = performance.now();
  let failure;
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      const app = await attach({ binary, args: options.args ?? (options.open ? [options.open] : []), env, log, patience, bus: options.bus ?? false });
      Object.assign(app, { home, log, env, keep: options.home !== undefined, startup: performance.now() - begun });
      try {
        await app.resize(...size);
      } catch (cause) {
        await app.close();
        throw cause;
      }
      return app;
    } catch (cause) {
      failure = cause;
      appendFileSync(log, `\n[driver] attempt ${attempt}: ${cause.stack}\n`);
    }
  }
  throw new Error(`the window did not come up in two tries: ${failure.message}\n${tail(log)}`, { cause: failure });
}

async function environment(home, log, { env = {} }) {
  const folders = { HOME: 'home', XDG_DATA_HOME: 'share', XDG_CONFIG_HOME: 'config', XDG_CACHE_HOME: 'cache', XDG_STATE_HOME: 'state' };
  const own = {};
  for (const [name, folder] of Object.entries({ ...folders, CARTWRIGHT_APP_DATA: 'share/study.cartwright.desktop' })) {
    own[name] = join(home, folder);
    mkdirSync(own[name], { recursive: true });
  }
  own.XDG_RUNTIME_DIR = join(home, 'runtime');
  mkdirSync(own.XDG_RUNTIME_DIR, { recursive: true, mode: 0o700 });
  const dialogs = join(home, 'dialogs');
  if (!existsSync(dialogs)) appendFileSync(dialogs, '');
  return {
    PATH: process.env.PATH,
    USER: process.env.USER ?? 'tester',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...own,
    DISPLAY: await virtualDisplay(log),
    GDK_BACKEND: 'x11',
    // No graphics card and no accessibility bus on the virtual display.
    LIBGL_ALWAYS_SOFTWARE: '1',
    NO_AT_BRIDGE: '1',
    TAURI_WEBVIEW_AUTOMATION: 'true',
    CARTWRIGHT_DIALOG: dialogs,
    ...env,
  };
}

async function attach({ binary, args, env, log, patience, bus }) {
  const port = await freePort();
  const command = ['WebKitWebDriver', `--port=${port}`];
  if (bus) command.unshift('dbus-run-session', '--');
  const driver = launch(command[0], command.slice(1), { env, log });
  driver.unref();
  const base = `http://127.0.0.1:${port}`;
  try {
    const limit = Date.now() + patience;
    while (!(await ready(base))) {
      if (driver.failure) throw driver.failure;
      if (driver.exitCode !== null || Date.now() > limit) throw new Error(`WebKitWebDriver does not answer on port ${port}`);
      await pause(50);
    }
    const session = await Session.create(base, { 'webkitgtk:browserOptions': { binary, args } }, patience);
    return new App(session, driver, binary);
  } catch (cause) {
    await end(family(driver.pid).map((pid) => [pid, birth(pid)]));
    throw cause;
  }
}

/** The running application: a Window, and what stands around it. */
class App extends Window {
  constructor(session, driver, binary) {
    super(session);
    this.driver = driver;
    const members = family(driver.pid);
    this.pid = members.find((pid) => programOf(pid) === resolve(binary)) ?? null;
    this.processes = members.map((pid) => [pid, birth(pid)]);
  }

  /** Puts paths into the queue that answers file dialogs, first come first served. */
  answer(...paths) {
    appendFileSync(this.env.CARTWRIGHT_DIALOG, paths.map((path) => `${path}\n`).join(''));
  }

  /** Proportional memory of the application and its web processes, in MiB. */
  memory() {
    return memoryOf(family(this.pid));
  }

  /** Is the application's process still there? */
  running() {
    return this.processes.some(([pid, born]) => pid === this.pid && birth(pid) === born);
  }

  /** What the application wrote to its standard streams. */
  output() {
    return readFileSync(this.log, 'utf8');
  }

  /** Ends the application as a power cut would; `start({ home: app.home })` finds what it left. */
  async kill() {
    if (this.running()) process.kill(this.pid, 'SIGKILL');
    await this.#clear();
  }

  /** Ends the session and whatever of it is left over, and removes a home of its own. */
  async close() {
    await this.session.call('DELETE', '', undefined, 3000).catch(() => undefined);
    await this.#clear();
    if (!this.keep) remove(this.home);
  }

  async #clear() {
    const late = family(this.driver.pid).map((pid) => [pid, birth(pid)]);
    await end([...this.processes, ...late]);
  }
}

function tail(log) {
  return readFileSync(log, 'utf8').split('\n').slice(-25).join('\n');
}
