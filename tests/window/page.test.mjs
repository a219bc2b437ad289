// What the page cannot do: reach a network, run what was not shipped, or ask for what nobody listed.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { endDisplay, start } from './driver.mjs';

let app;
let server;
let asked = 0;
before(async () => {
  server = createServer((request, response) => {
    asked += 1;
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('hello');
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  app = await start();
  await app.waitFor({ id: 'create-site' });
});
after(async () => {
  await app?.close();
  server?.close();
  await endDisplay();
});

test('no network: a server next door is never asked', async () => {
  const address = `http://127.0.0.1:${server.address().port}/`;
  const said = await app.execAsync(async (to) => {
    const seen = await new Promise((done) => {
      const image = new Image();
      image.onerror = () => done('blocked');
      image.onload = () => done('reached');
      image.src = `${to}x.png`;
    });
    const fetched = await fetch(to).then(() => 'reached', () => 'blocked');
    return seen === 'blocked' ? fetched : seen;
  }, address);
  assert.equal(said, 'blocked');
  assert.equal(asked, 0);
});

test('no script but what was shipped, and no door to the shell left open', async () => {
  const said = await app.exec(() => {
    const script = document.createElement('script');
    script.textContent = 'window.smuggled = true';
    document.head.append(script);
    return { smuggled: window.smuggled === true, global: typeof window.__TAURI__ };
  });
  assert.deepEqual(said, { smuggled: false, global: 'undefined' });
});

test('a command that nobody listed is refused', async () => {
  for (const command of ['plugin:fs|read_file', 'plugin:dialog|open', 'plugin:shell|execute', 'plugin:window|create']) {
    const said = await app.execAsync(
      (name) => window.__TAURI_INTERNALS__.invoke(name, { path: '/etc/passwd' }).then(() => 'answered', () => 'refused'),
      command,
    );
    assert.equal(said, 'refused', command);
  }
});
