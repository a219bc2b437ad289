// Start to first paint and memory of the process tree, of the window the tests drive. Figures are reported, never asserted.
import { endDisplay, start } from './driver.mjs';

const ROUNDS = 7;
const figures = { session: [], process: [], navigation: [], memory: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  const app = await start();
  // The application itself says when its page was first drawn, counted from the start of its process.
  const painted = await app.waitFor(
    () => /painted after_start_ms=(\d+) after_navigation_ms=(\d+)/.exec(app.output()),
    10_000,
    'the first paint',
  );
  figures.session.push(app.startup);
  figures.process.push(Number(painted[1]));
  figures.navigation.push(Number(painted[2]));
  figures.memory.push(app.memory());
  await app.close();
}
await endDisplay();

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(0).padStart(6);
console.log(`the window, software rendering on a virtual display, medians of ${ROUNDS}:`);
console.log(`  start of the process to first paint     ${median(figures.process)} ms`);
console.log(`  start of the navigation to first paint  ${median(figures.navigation)} ms`);
console.log(`  start to a WebDriver session            ${median(figures.session)} ms`);
console.log(`  memory of the process tree (PSS)        ${median(figures.memory)} MiB`);
