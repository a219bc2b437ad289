// What a subject's timeline shows, from what the core says: visits with windows, events in lanes, the days they span.
import type { EventView } from '../../bindings/EventView';
import type { SubjectView } from '../../bindings/SubjectView';
import type { VisitView } from '../../bindings/VisitView';
import { dayOn, daysBetween } from './geometry';

export type VisitState = 'done' | 'begun' | 'overdue' | 'in_window' | 'coming' | 'ahead';

export interface VisitMark {
  visit: VisitView;
  state: VisitState;
  day: number;
  from: number;
  to: number;
}
export interface EventMark {
  event: EventView;
  from: number;
  to: number;
}
export interface Story {
  /** Day 0: the infusion, else the first date known. */
  origin: string;
  infused: boolean;
  today: number;
  visits: VisitMark[];
  events: EventMark[];
  /** First and last day there is anything to show. */
  from: number;
  to: number;
}

const OPEN = ['empty', 'started'];

function stateOf(visit: VisitView): VisitState {
  if (visit.forms.every((form) => !OPEN.includes(form.state))) return 'done';
  if (visit.stands === 'overdue') return 'overdue';
  if (visit.forms.some((form) => form.state !== 'empty')) return 'begun';
  if (visit.stands === 'in_window' || visit.stands === 'coming') return visit.stands;
  return 'ahead';
}

/** `null` while no date is known that anything could be counted from. */
export function storyOf(view: SubjectView): Story | null {
  const origin = view.infusion ?? view.events[0]?.from ?? null;
  if (origin === null) return null;
  const infused = view.infusion !== null;
  const day = (date: string) => daysBetween(origin, date);
  const visits = !infused
    ? []
    : view.visits.flatMap((visit): VisitMark[] => {
        if (visit.days === null) return [];
        const [from, to] = visit.days;
        const target = visit.target === null ? from : day(visit.target);
        return [{ visit, state: stateOf(visit), day: target, from, to }];
      });
  const events = view.events.map((event) => ({ event, from: day(event.from), to: day(event.to ?? event.from) }));
  const today = day(view.today);
  const days = [
    0,
    ...visits.flatMap((v) => [v.from, v.to]),
    ...events.flatMap((e) => [e.from, e.to]),
    // Today belongs to it while something is still to come or it was lately.
    ...(today <= 60 || visits.some((v) => v.state !== 'done' && v.to >= today - 30) ? [today] : []),
  ];
  return { origin, infused, today, visits, events, from: Math.min(...days) - 2, to: Math.max(...days) + 2 };
}

/** The civil date of a day of the story. */
export function dateOf(story: Story, day: number): string {
  return dayOn(story.origin, day);
}
