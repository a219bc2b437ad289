// Which screen is shown. Addresses are `#/name/part/part`, so that any screen can be linked to and returned to.
import { placeOf } from './paths';

export interface Route {
  name: string;
  parts: string[];
  /** Item to bring into view on arrival, as an item path. */
  at: string | null;
}

function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', ...parts] = path.split('/').filter((p) => p !== '').map(decodeURIComponent);
  return { name: name === '' ? 'today' : name, parts, at: new URLSearchParams(query).get('at') };
}

let current = $state<Route>(read(location.hash));

window.addEventListener('hashchange', () => {
  current = read(location.hash);
});

export function route(): Route {
  return current;
}

function join(parts: string[]): string {
  return parts.map((p) => encodeURIComponent(p).replaceAll('%5B', '[').replaceAll('%5D', ']')).join('/');
}

export function hrefTo(name: string, ...parts: string[]): string {
  return `#/${join([name, ...parts])}`;
}

export function hrefToForm(formPath: string): string {
  return `#/form/${join(formPath.split('/'))}`;
}

/** The form that holds the item, arriving at the item. */
export function hrefToItem(itemPath: string): string {
  return `${hrefToForm(placeOf(itemPath).formPath)}?at=${encodeURIComponent(itemPath)}`;
}

export function go(href: string): void {
  location.hash = href.replace(/^#/, '');
}
