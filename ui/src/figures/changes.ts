// What an amendment changes, in words: one sentence for each change.
import type { Change } from '../bindings/Change';
import type { Said } from '../bindings/Said';
import { m, t, words, wordsOrNull } from '../i18n';

/** Texts of these are whole paragraphs: their identifier says enough. */
const BY_IDENTIFIER: readonly Change['part'][] = ['check', 'criterion', 'statement', 'study', 'registration', 'landmark'];

function said(value: Said): string {
  if (value === 'nothing') return '–';
  if ('text' in value) return `“${t(value.text)}”`;
  return 'plain' in value ? value.plain : words('diff_word', value.word);
}

export function changeWords(change: Change): string {
  const part = words('diff_part', change.part);
  const name = BY_IDENTIFIER.includes(change.part) ? '' : t(change.name);
  const what =
    name === '' || name === change.oid ? `${part} ${change.oid}`.trim() : m.diff_named({ part, oid: change.oid, name });
  const { happened } = change;
  switch (happened.kind) {
    case 'added':
      return m.diff_added({ what });
    case 'retired':
      return m.diff_retired({ what });
    case 'changed':
      return m.diff_changed({
        what,
        aspect: wordsOrNull('diff_aspect', happened.aspect) ?? happened.aspect,
        from: said(happened.from),
        to: said(happened.to),
      });
  }
}
