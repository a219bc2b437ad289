// Search over everything that has a name: asks the core while somebody types, and says where each hit leads.
import type { HitView } from '../bindings/HitView';
import type { Text } from '../bindings/Text';
import type { IconName } from '../components';
import { act } from '../core';
import { locale, m, t, words } from '../i18n';
import { hrefTo, hrefToForm, hrefToItem, placeOf, route, SITE, showForm, showItem, showSubject, showVisit, study } from '../state';

const KINDS = ['subject', 'record', 'form', 'item', 'query'] as const;
const ICONS: Record<string, IconName> = { subject: 'person', record: 'archive', form: 'file', item: 'edit', query: 'query' };
/** Typing is waited for, briefly: one question for a word, not one for each letter. */
const WAIT = 70;

/** The subject whose casebook is on the screen. */
function atHand(): string | null {
  const here = route();
  const subject = ['subjects', 'form', 'eligibility', 'review'].includes(here.name) ? here.parts[0] : undefined;
  return subject === undefined || subject === SITE ? null : subject;
}

export class SearchPalette {
  open = $state(false);
  text = $state('');
  hits = $state.raw<HitView[]>([]);
  /** What was asked when the hits came. */
  asked = $state('');
  #latest = 0;

  readonly groups = $derived(
    KINDS.map((kind) => ({ key: kind, text: words('search_kind', kind), hits: this.hits.filter((hit) => hit.kind === kind) })),
  );

  show(): void {
    this.text = '';
    this.hits = [];
    this.asked = '';
    this.open = true;
  }

  async ask(text: string): Promise<void> {
    const mine = ++this.#latest;
    const wanted = text.trim();
    if (wanted === '') {
      this.hits = [];
      this.asked = '';
      return;
    }
    await new Promise((go) => setTimeout(go, WAIT));
    if (mine !== this.#latest) return;
    const found = await act('search', { text: wanted, subject: atHand() }).catch(() => null);
    if (mine !== this.#latest || found === null) return;
    this.hits = found.hits;
    this.asked = wanted;
  }
}

export function keyOf(hit: HitView): string {
  return `${hit.kind} ${hit.query ?? hit.item ?? hit.form ?? hit.subject}`;
}

export function iconOf(hit: HitView): IconName {
  return ICONS[hit.kind] ?? 'search';
}

export function hrefOf(hit: HitView): string {
  if (hit.item !== null) return hrefToItem(hit.item);
  return hit.form !== null ? hrefToForm(hit.form) : hrefTo('subjects', hit.subject);
}

export function mainOf(hit: HitView): string {
  if (hit.kind === 'query') return hit.text ?? '';
  if (hit.kind === 'record') return hit.text ?? '';
  if (hit.item !== null) return showItem(hit.item);
  return hit.form !== null ? showForm(hit.form) : hit.subject;
}

function other(text: Text | undefined): string {
  if (text === undefined) return '';
  return locale() === 'zh-Hans' ? text.en : text.zh;
}

/** Where it stands, and what it is called in the other language: that may be what was typed. */
export function moreOf(hit: HitView): string {
  const path = hit.item ?? hit.form;
  if (path === null) return m.search_subject();
  const at = placeOf(path);
  const visit = showVisit(at.visit, at.visitNo);
  if (hit.kind === 'record') return [visit, t(study.form(at.form)?.name)].join(' · ');
  if (hit.kind === 'form') return [hit.subject, visit, other(study.form(at.form)?.name)].filter((p) => p !== '').join(' · ');
  if (hit.kind === 'query') return [showSubject(hit.subject), showItem(path), words('queries', hit.state ?? '')].join(' · ');
  const item = at.item === null ? undefined : study.item(at.item)?.item;
  return [hit.subject, t(study.form(at.form)?.name), visit, other(item?.question), at.item ?? ''].filter((p) => p !== '').join(' · ');
}

