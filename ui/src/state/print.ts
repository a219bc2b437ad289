// Printing what is on the screen. Long lists hear of it in time to draw all their lines; what is folded away is opened.

const opened: HTMLDetailsElement[] = [];

function unfold(): void {
  for (const folded of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
    folded.open = true;
    opened.push(folded);
  }
}

function fold(): void {
  for (const each of opened.splice(0)) each.open = false;
}

/** Begins watching; what it returns ends it. */
export function watchPrinting(): () => void {
  addEventListener('beforeprint', unfold);
  addEventListener('afterprint', fold);
  return () => {
    removeEventListener('beforeprint', unfold);
    removeEventListener('afterprint', fold);
  };
}

export function printNow(): void {
  window.dispatchEvent(new Event('beforeprint'));
  // Two frames: what the lists drew anew is laid out before the paper is asked for.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      window.print();
      window.dispatchEvent(new Event('afterprint'));
    }),
  );
}
