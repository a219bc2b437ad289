// Runs in the page: what is cut, runs out of its place, or lies on something else. Self-contained, since only its own
// source travels. Answers with one line a finding.

export function layoutFaults() {
  const faults = [];
  const name = (element) => {
    const own = element.closest('[data-testid]');
    const id = own === null ? '' : `[${own.getAttribute('data-testid')}] `;
    return `${id}<${element.tagName.toLowerCase()}> “${(element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 48)}”`;
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth - root.clientWidth} px wider than the window`);
  const main = document.querySelector('main');
  if (main !== null && main.scrollWidth > main.clientWidth + 1) faults.push(`main is ${main.scrollWidth - main.clientWidth} px wider than its place`);

  const hidden = (element) => element.closest('.sr, [aria-hidden="true"]') !== null || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const clips = (style) => ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
  const scrolls = (style) => ['auto', 'scroll'].includes(style.overflowX) || ['auto', 'scroll'].includes(style.overflowY);
  const layerOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { position } = getComputedStyle(at);
      if (position === 'fixed' || position === 'sticky') return at;
    }
    return null;
  };

  // Every run of text with where it stands, as far as its surroundings let it be seen.
  const runs = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || node.data.trim() === '' || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const layer = layerOf(element);
    const told = element.closest('[title], [aria-label], [data-cut]') !== null;
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      let { left, right, top, bottom } = rect;
      let cut = 0;
      for (let at = element; at !== null && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.position === 'fixed') break;
        const box = at.getBoundingClientRect();
        if (scrolls(style)) {
          left = Math.max(left, box.left);
          right = Math.min(right, box.right);
          top = Math.max(top, box.top);
          bottom = Math.min(bottom, box.bottom);
        } else if (clips(style) && at.tagName !== 'svg') {
          cut = Math.max(cut, box.left - left, right - box.right, (bottom - box.bottom) / 2, (box.top - top) / 2);
          left = Math.max(left, box.left);
          right = Math.min(right, box.right);
          top = Math.max(top, box.top);
          bottom = Math.min(bottom, box.bottom);
        }
      }
      if (cut > 2 && !told && right > left) faults.push(`cut by ${Math.round(cut)} px: ${name(element)}`);
      if (right - left > 1 && bottom - top > 1) runs.push({ left, right, top, bottom, element, layer });
    }
  }

  // Texts that lie on one another: by more than the rounding of a line.
  runs.sort((a, b) => a.top - b.top);
  const seen = new Set();
  for (let i = 0; i < runs.length; i += 1) {
    for (let j = i + 1; j < runs.length && runs[j].top < runs[i].bottom - 4; j += 1) {
      const [a, b] = [runs[i], runs[j]];
      if (a.element === b.element || a.layer !== b.layer) continue;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) < 3) continue;
      if (Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < 5) continue;
      const words = `overlap: ${name(a.element)} and ${name(b.element)}`;
      if (!seen.has(words)) faults.push(words);
      seen.add(words);
    }
  }

  // Controls outside the window that nothing scrolls to, and controls too small for a finger.
  for (const control of document.querySelectorAll('button, a[href], input, select, textarea, summary')) {
    if (hidden(control) || control.closest('svg') !== null) continue;
    const box = control.getBoundingClientRect();
    if (box.width === 0) continue;
    let scroller = control.parentElement;
    while (scroller !== null && !scrolls(getComputedStyle(scroller))) scroller = scroller.parentElement;
    if (scroller === null && (box.right > root.clientWidth + 1 || box.left < -1)) faults.push(`out of the window: ${name(control)}`);
  }
  return [...new Set(faults)].slice(0, 12);
}
