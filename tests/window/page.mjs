// What runs inside the page, or is read into it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const AXE = fileURLToPath(new URL('../../ui/node_modules/axe-core/axe.min.js', import.meta.url));

let axe = null;

/** axe-core, as npm installed it for the pages. */
export function axeSource() {
  axe ??= readFileSync(process.env.CARTWRIGHT_AXE ?? AXE, 'utf8');
  return axe;
}

/**
 * Runs in the page: visible elements for `css` whose text or accessible name is `wanted` or matches `pattern`.
 * By text the innermost come alone; by name all. Self-contained, since only its own source travels.
 */
export function matchingElements(kind, css, wanted, pattern) {
  const flat = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const textOf = (id) => flat(document.getElementById(id)?.textContent);
  const nameOf = (element) => {
    const labelledby = element.getAttribute('aria-labelledby');
    if (labelledby) return flat(labelledby.split(/\s+/).map(textOf).join(' '));
    const label = flat(element.getAttribute('aria-label'));
    if (label) return label;
    if (element.labels?.length > 0) return flat([...element.labels].map((each) => each.textContent).join(' '));
    const field = element.matches('input, select, textarea');
    if (field && element.matches('[type=submit], [type=button]')) return flat(element.value);
    const own = field ? '' : flat(element.textContent);
    return own || flat(element.getAttribute('alt') ?? element.getAttribute('title') ?? element.getAttribute('placeholder'));
  };
  const regexp = pattern && new RegExp(pattern.source, pattern.flags);
  const fits = (words) => (regexp ? regexp.test(words) : words === flat(wanted));
  const says = kind === 'name' ? nameOf : (element) => flat(element.innerText);
  const found = [...document.querySelectorAll(css)].filter((each) => each.checkVisibility() && fits(says(each)));
  return kind === 'name' ? found : found.filter((each) => !found.some((other) => other !== each && each.contains(other)));
}
