// The few words of the W3C WebDriver protocol that the tests speak, over plain HTTP.

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** What the driver refused. `code` is WebDriver's word for it ("stale element reference"). */
export class DriverError extends Error {
  constructor(code, message, where) {
    super(`${code}: ${message} (${where})`);
    this.code = code;
  }
}

/** One session: `call(method, path, body)` below /session/ID. */
export class Session {
  constructor(base, id) {
    this.base = base;
    this.id = id;
  }

  static async create(base, capabilities, timeout) {
    const { sessionId } = await request('POST', `${base}/session`, { capabilities: { alwaysMatch: capabilities } }, timeout);
    return new Session(base, sessionId);
  }

  call(method, path, body, timeout = 60_000) {
    return request(method, `${this.base}/session/${this.id}${path}`, body, timeout);
  }
}

/** Is the driver listening? */
export async function ready(base) {
  try {
    return (await request('GET', `${base}/status`, undefined, 1000)).ready !== undefined;
  } catch {
    return false;
  }
}

async function request(method, url, body, timeout) {
  const response = await fetch(url, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeout),
  });
  const { value } = await response.json();
  if (!response.ok) throw new DriverError(value.error, value.message, `${method} ${new URL(url).pathname}`);
  return value;
}

export const reference = (id) => ({ [ELEMENT]: id });
export const isReference = (value) => value !== null && typeof value === 'object' && ELEMENT in value;
export const idOf = (value) => value[ELEMENT];

/** Names of keys as `press` takes them, to the code points WebDriver gives them. */
export const KEYS = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  F1: '\uE031',
  F2: '\uE032',
  F5: '\uE035',
};

/** "Control+k" as the key presses and releases of WebDriver's actions. */
export function chord(keys) {
  const parts = keys.split('+').map((name) => {
    const key = KEYS[name] ?? name;
    if ([...key].length !== 1) throw new Error(`no such key: ${name}. Known: ${Object.keys(KEYS).join(', ')} and single characters`);
    return key;
  });
  return [
    ...parts.map((value) => ({ type: 'keyDown', value })),
    ...parts.toReversed().map((value) => ({ type: 'keyUp', value })),
  ];
}
