// Going through a list that is drawn only where it is in sight.

/** To the end or the start of the page. The end is found when what is drawn there does not move it any more. */
export const scrollTo = (app, where) =>
  app.execAsync(async (end) => {
    const main = document.querySelector('main');
    for (let before = -1; before !== main.scrollTop; ) {
      before = main.scrollTop;
      main.scrollTop = end === 'end' ? main.scrollHeight : 0;
      await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    }
  }, where);

/** Wheel by wheel down and up again: every line that did not stay where the wheel put it. */
export const jumps = (app, lines) =>
  app.execAsync(async (css) => {
    const main = document.querySelector('main');
    const frame = () => new Promise((go) => requestAnimationFrame(go));
    const keyOf = (line) => line.dataset.path ?? line.dataset.line;
    const seen = [];
    for (const by of [...Array(60).fill(120), ...Array(60).fill(-120)]) {
      const edge = main.getBoundingClientRect();
      const line = [...document.querySelectorAll(css)].find((each) => each.getBoundingClientRect().top > edge.top + 300);
      const [key, before, stood] = [keyOf(line), line.getBoundingClientRect().top, main.scrollTop];
      main.scrollTop += by;
      const wanted = before - (main.scrollTop - stood);
      await frame();
      await frame();
      const after = [...document.querySelectorAll(css)].find((each) => keyOf(each) === key)?.getBoundingClientRect().top;
      if (after === undefined || Math.abs(after - wanted) > 2) seen.push(`${key}: ${after} instead of ${wanted}`);
    }
    return seen;
  }, lines);

/** Down the page until something is drawn there; false when it never is. */
export const scrolledTo = (app, css) =>
  app.execAsync(async (wanted) => {
    const main = document.querySelector('main');
    main.scrollTop = 0;
    for (let before = -1; before !== main.scrollTop; ) {
      before = main.scrollTop;
      await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
      const found = document.querySelector(wanted);
      found?.scrollIntoView({ block: 'center' });
      if (found !== null) return true;
      main.scrollTop += 300;
    }
    return false;
  }, css);
