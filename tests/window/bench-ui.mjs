// What a person waits for, on a site file with a thousand subjects, each beside a bare input in the same window and run.
// Figures are reported with the aim and whether it is met; nothing is asserted.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endDisplay, makeHome, start, TOP } from './driver.mjs';
import { Hands } from './hands.mjs';

const CLI = process.env.CARTWRIGHT_CLI ?? join(TOP, 'target/release/cartwright-cli');
const BINARY = process.env.CARTWRIGHT_BINARY ?? join(TOP, 'target/release/cartwright');
const SITE = join(TOP, 'target/bench-site');
const SUBJECTS = Number(process.env.BENCH_SUBJECTS ?? 1000);
const ENTRIES = Number(process.env.BENCH_ENTRIES ?? 100_000);
const KEYS = Number(process.env.BENCH_KEYS ?? 60);
const OPENINGS = Number(process.env.BENCH_OPENINGS ?? 500);

if (!existsSync(join(SITE, 'p/site.cartwright'))) {
  mkdirSync(SITE, { recursive: true });
  console.log(`making a site file with ${SUBJECTS} subjects …`);
  const args = ['demo', '--seed', '1', '--subjects', String(SUBJECTS), '--entries', String(ENTRIES), join(SITE, 'p')];
  execFileSync(CLI, args, { env: { ...process.env, XDG_DATA_HOME: join(SITE, 'share') }, stdio: 'inherit' });
}
const home = makeHome();
cpSync(join(SITE, 'share'), join(home, 'share'), { recursive: true });
copyFileSync(join(SITE, 'p/site.cartwright'), join(home, 'site.cartwright'));
const password = readFileSync(join(SITE, 'p/password.txt'), 'utf8').trim();

const sorted = (values) => values.toSorted((a, b) => a - b);
const at = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];
const ms = (value) => `${value.toFixed(1).padStart(7)} ms`;
const verdict = (met) => (met ? 'met' : 'NOT met');

const app = await start({ binary: BINARY, home, open: join(home, 'site.cartwright'), size: [1280, 720], patience: 60_000 });
const hands = new Hands(app);
try {
  const painted = await app.waitFor(() => /painted after_start_ms=(\d+)/.exec(app.output()), 30_000, 'the first paint');
  await app.waitFor({ id: 'person-nurse.li' }, 60_000);

  // In the page: from an act to the frame after what it asked for is there.
  await app.exec(() => {
    const frame = () =>
      new Promise((go) =>
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () => go(performance.now());
          after.port2.postMessage(0);
        }),
      );
    const there = (css) =>
      new Promise((go) => {
        if (document.querySelector(css) !== null) return go();
        const watch = new MutationObserver(() => {
          if (document.querySelector(css) !== null) {
            watch.disconnect();
            go();
          }
        });
        watch.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-state', 'data-testid'] });
      });
    window.bench = {
      frame,
      there,
      async goTo(hash, css) {
        const begun = performance.now();
        location.hash = hash;
        await new Promise((go) => setTimeout(go));
        await there(css);
        return (await frame()) - begun;
      },
      /** The same window with nothing but an input in it. */
      bare() {
        const app = document.getElementById('app');
        const input = document.createElement('input');
        input.id = 'bare';
        app.replaceWith(input);
        input.focus();
        return () => input.replaceWith(app);
      },
      async bareOnce() {
        const begun = performance.now();
        const back = this.bare();
        const done = await frame();
        back();
        await frame();
        return done - begun;
      },
      listen(element) {
        this.times = [];
        this.heard = (e) => {
          if (e.key.length !== 1) return;
          const begun = performance.now();
          const late = Math.max(0, begun - e.timeStamp);
          void frame().then((done) => this.times.push(done - begun + (late < 1000 ? late : 0)));
        };
        this.on = element;
        element.addEventListener('keydown', this.heard, { capture: true });
      },
      heardAll() {
        this.on.removeEventListener('keydown', this.heard, { capture: true });
        return this.times;
      },
    };
  });

  const begun = performance.now();
  await hands.logIn('nurse.li', password);
  await app.waitFor({ id: 'tile-subjects' }, 60_000);
  const usable = performance.now() - begun;

  console.log(`the window at 1280 × 720, software rendering on a virtual display, ${SUBJECTS} subjects, file ${(readFileSync(join(home, 'site.cartwright')).length / 1e6).toFixed(0)} MB`);
  console.log(`start of the process to first paint        ${ms(Number(painted[1]))}`);
  console.log(`log-in to Today with everything on it      ${ms(usable)}`);

  const goTo = (hash, css) => app.execAsync((to, what) => window.bench.goTo(to, what), hash, css);
  const bareOnce = () => app.execAsync(() => window.bench.bareOnce());

  const bare = [];
  const lists = [];
  const subjects = [];
  for (let n = 0; n < 12; n += 1) {
    lists.push(await goTo('#/subjects', 'tr[data-key]'));
    const codes = await app.exec(() => [...document.querySelectorAll('tr[data-key]')].map((row) => row.dataset.key));
    subjects.push(await goTo(`#/subjects/${codes[n % codes.length]}`, '[data-testid="timeline"] svg'));
    bare.push(await bareOnce());
  }

  console.log(`the list of subjects        median ${ms(at(lists, 0.5))}   p95 ${ms(at(lists, 0.95))}   bare input ${ms(at(bare, 0.5))}`);
  console.log(`opening a subject           median ${ms(at(subjects, 0.5))}   p95 ${ms(at(subjects, 0.95))}   bare input ${ms(at(bare, 0.5))}`);

  // The longest form of the study.
  const forms = ['SCR/ELIG', 'SCR/LAB', 'INF/INFUSION', 'CRS/CRS', 'D28/RESPONSE'];
  let longest = { items: 0, form: '' };
  for (const form of forms) {
    await hands.form(`S-0001/${form}`);
    const items = await app.exec(() => document.querySelectorAll('[data-testid^="item-"]').length);
    if (items > longest.items) longest = { items, form };
  }
  const openForm = async (path) => {
    await goTo('#/settings/me', '[data-testid="change-password"]');
    return goTo(`#/form/${path}`, `[data-testid="screen-form"] [data-testid^="item-"]`);
  };
  const opened = [];
  const bareForm = [];
  for (let n = 1; n <= 12; n += 1) {
    opened.push(await openForm(`S-${String(n).padStart(4, '0')}/${longest.form}`));
    bareForm.push(await bareOnce());
  }

  console.log(`opening ${longest.form} (${longest.items} items)  median ${ms(at(opened, 0.5))}   p95 ${ms(at(opened, 0.95))}   bare input ${ms(at(bareForm, 0.5))}`);

  // Keys on a form and on the bare input, by turns.
  const keys = { bare: [], form: [] };
  const target = 'S-0003/SCR/PERF';
  await hands.form(target);
  const saves = [];
  for (let round = 0; round < 4; round += 1) {
    await app.exec(() => {
      window.back = window.bench.bare();
      window.bench.listen(document.getElementById('bare'));
    });
    for (let n = 0; n < KEYS / 4; n += 1) await app.press(String(n % 10));
    keys.bare.push(...(await app.exec(() => window.bench.heardAll())));
    await app.exec(() => window.back());
    await hands.form(target);
    await app.exec(() => {
      const input = document.querySelector('[data-testid="input-PERF.HR"]');
      input.focus();
      input.select();
      window.bench.listen(input);
    });
    for (let n = 0; n < KEYS / 4; n += 1) {
      await app.press(String((n % 8) + 1));
      if (n % 3 === 2) await app.exec(() => document.querySelector('[data-testid="input-PERF.HR"]').select());
    }
    keys.form.push(...(await app.exec(() => window.bench.heardAll())));
    await app.type({ id: 'input-PERF.HR' }, String(80 + round), 'Enter');
    await hands.settled();
  }

  const ratio = at(keys.form, 0.95) / at(keys.bare, 0.95);
  console.log(`key to paint on a form      median ${ms(at(keys.form, 0.5))}   p95 ${ms(at(keys.form, 0.95))}   bare input p95 ${ms(at(keys.bare, 0.95))}   ratio ${ratio.toFixed(2)} (aim 1.5: ${verdict(ratio <= 1.5)})   n ${keys.form.length}/${keys.bare.length}`);

  // Leaving an item until the page says that it is saved: the disk is in it.
  for (let n = 0; n < 24; n += 1) {
    await app.type({ id: 'input-PERF.HR' }, String(60 + n));
    const took = app.execAsync(async () => {
      const state = document.querySelector('[data-testid="state-PERF.HR"]');
      const input = document.querySelector('[data-testid="input-PERF.HR"]');
      const begun = await new Promise((go) => input.addEventListener('keydown', () => go(performance.now()), { once: true, capture: true }));
      while (state.dataset.state === 'saved') await new Promise((go) => setTimeout(go));
      while (document.querySelector('[data-testid="state-PERF.HR"]')?.dataset.state !== 'saved') await new Promise((go) => setTimeout(go, 1));
      return (await window.bench.frame()) - begun;
    });
    await new Promise((go) => setTimeout(go, 60));
    await app.press('Enter');
    saves.push(await took);
    await app.exec(() => document.querySelector('[data-testid="input-PERF.HR"]')?.focus());
  }

  console.log(`leaving an item to “Saved”  median ${ms(at(saves, 0.5))}   p95 ${ms(at(saves, 0.95))}   (aim 60 ms: ${verdict(at(saves, 0.5) <= 60)} by the median)   n ${saves.length}`);

  // Memory after many openings.
  const memory = {};
  for (let n = 1; n <= OPENINGS; n += 1) {
    const subject = `S-${String((n % 200) + 1).padStart(4, '0')}`;
    await goTo(`#/form/${subject}/SCR/${n % 2 === 0 ? 'LAB' : 'DM'}`, `[data-testid="item-${n % 2 === 0 ? 'LAB.PLT' : 'DM.SEX'}"]`);
    if (n === Math.min(100, OPENINGS) || n === OPENINGS) {
      await new Promise((go) => setTimeout(go, 2000));
      memory[n] = app.memory();
    }
  }

  const counts = Object.keys(memory).map(Number);
  const [few, many] = [memory[counts[0]], memory[counts.at(-1)]];
  console.log(`memory after ${counts[0]} openings ${few.toFixed(0)} MiB, after ${counts.at(-1)} ${many.toFixed(0)} MiB: ${((many / few - 1) * 100).toFixed(1)} % (aim 10 %: ${verdict(many / few <= 1.1)})`);
} finally {
  await app.close();
  await endDisplay();
}
