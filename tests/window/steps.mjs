// A demonstration in numbered steps: each says what it does and how it went, and leaves a screenshot.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const mark = process.stdout.isTTY ? { ok: '\x1b[32m✓\x1b[0m', no: '\x1b[31m✗\x1b[0m' } : { ok: '✓', no: '✗' };

/**
 * Begins a demonstration whose screenshots go to `folder` as `01-name.png`.
 * Returns `step(name, act)`, `show(app)` for the window to photograph, and `close()` for the last line.
 */
export function begin(folder) {
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'failed.png'), { force: true });
  let number = 0;
  let window = null;
  const started = performance.now();

  /**
   * One step. `act(app)` may return words for the result ("3 subjects"). Its window is photographed afterwards,
   * also when it fails; a failure ends the demonstration. `{ picture: false }` for a step without a window.
   */
  async function step(name, act, { picture = true } = {}) {
    number += 1;
    const label = String(number).padStart(2, '0');
    const path = join(folder, `${label}-${slug(name)}.png`);
    const begun = performance.now();
    try {
      const result = await act(window);
      if (picture && window) await window.screenshot(path);
      console.log(`${mark.ok} ${label} ${name}${typeof result === 'string' ? ` – ${result}` : ''} (${seconds(begun)})`);
      return result;
    } catch (cause) {
      console.log(`${mark.no} ${label} ${name} (${seconds(begun)})`);
      const failed = join(folder, 'failed.png');
      const seen = window && (await window.screenshot(failed).catch(() => null));
      if (seen) console.log(`  what the window showed: ${failed}`);
      throw cause;
    }
  }

  return {
    step,
    /** The window that is photographed from now on; null for none. */
    show(app) {
      window = app;
      return app;
    },
    /** Says how many steps went well. */
    close() {
      console.log(`${number} steps, all well (${seconds(started)}). Left in ${folder}`);
    },
  };
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** A file name of the step's first words. */
function slug(name) {
  const words = name.normalize('NFKD').toLowerCase().match(/[a-z0-9]+/g) ?? ['step'];
  return words.slice(0, 6).join('-');
}
