// The whole demonstration, as `make demo` plays it: every step of it is a promise.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TOP } from './driver.mjs';

test('the demonstration, from an empty screen to a bundle that verifies', () => {
  const out = join(TOP, 'target/window/demo');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const played = spawnSync('node', [join(TOP, 'tests/window/demo.mjs'), out], { encoding: 'utf8', timeout: 540_000 });
  assert.equal(played.status, 0, `${played.stdout}\n${played.stderr}`);
  assert.match(played.stdout, /cartwright-cli check finds the site file whole – Everything holds/);
});
