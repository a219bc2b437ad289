// The page as it would be printed, in the window: rules for print are made to hold for the screen, and what listens for
// printing hears of it.

export async function onPaper(app, look) {
  await app.exec(() => {
    window.dispatchEvent(new Event('beforeprint'));
    for (const sheet of document.styleSheets) {
      const turn = (rules) => {
        for (const rule of rules) {
          if (rule instanceof CSSMediaRule && rule.media.mediaText === 'print') {
            rule.media.mediaText = 'screen';
            (window.turned ??= []).push(rule);
          }
          if (rule.cssRules) turn(rule.cssRules);
        }
      };
      turn(sheet.cssRules);
    }
  });
  // Two frames: what the lists drew for paper is there then.
  await app.execAsync(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(true)))));
  try {
    return await look();
  } finally {
    await app.exec(() => {
      for (const rule of window.turned ?? []) rule.media.mediaText = 'print';
      window.turned = [];
      window.dispatchEvent(new Event('afterprint'));
    });
  }
}
