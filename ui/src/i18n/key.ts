/** The key of the words for a code: what is no letter or digit becomes one underscore. */
export function keyOf(prefix: string, code: string): string {
  return `${prefix}_${code}`.replace(/[^A-Za-z0-9]+/g, '_').replace(/_+$/, '');
}
