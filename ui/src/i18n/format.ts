// Dates, times and numbers as people read them. Values are text from the core: nothing is rounded here.
import type { Moment } from '../bindings/Moment';
import { locale } from './locale.svelte';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-22` → `22 Nov 2026` / `2026年11月22日`; a partial date stays partial; what is no date stays as it is. */
export function date(iso: string): string {
  const part = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(iso);
  const year = part?.[1];
  if (part === null || year === undefined) return iso;
  const month = part[2] === undefined ? null : Number(part[2]);
  const day = part[3] === undefined ? null : Number(part[3]);
  if (locale() === 'zh-Hans') {
    return `${year}年${month === null ? '' : `${month}月`}${day === null ? '' : `${day}日`}`;
  }
  const named = month === null ? null : (MONTHS[month - 1] ?? String(month));
  return [day, named, year].filter((p) => p !== null).join(' ');
}

/** `2026-11-22T14:03` → date and 24 h time. */
export function dateTime(iso: string): string {
  const [day = '', time = ''] = iso.split(/[T ]/);
  return time === '' ? date(day) : `${date(day)}${gap()}${time.slice(0, 5)}`;
}

/** First and last day; a single day is said once, and so is the year of both. */
export function span(from: string, to: string): string {
  if (from === to) return date(from);
  const year = from.slice(0, 4);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(from) || !/^\d{4}-\d{2}-\d{2}$/.test(to) || !to.startsWith(year)) return `${date(from)} – ${date(to)}`;
  return locale() === 'zh-Hans' ? `${date(from)} – ${date(to).replace(`${year}年`, '')}` : `${date(from).replace(` ${year}`, '')} – ${date(to)}`;
}

/** The local clock of the device that made it, as ISO text without zone: `2026-11-22T14:03:22`. */
export function localIso(moment: Moment): string {
  const offset = /^([+-])(\d{2}):(\d{2})$/.exec(moment.offset);
  const minutes = offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1);
  const at = Date.parse(moment.at);
  return Number.isNaN(at) ? moment.at : new Date(at + minutes * 60_000).toISOString().slice(0, 19);
}

/** `22 Nov 2026, 14:03` at the offset of the device. */
export function moment(of: Moment): string {
  return dateTime(localIso(of));
}

/** With seconds and offset, for signatures and the journal. */
export function momentInFull(of: Moment): string {
  const local = localIso(of);
  return `${date(local)}${gap()}${local.slice(11, 19)} (UTC${of.offset})`;
}

/** `14:03:22` on this device's clock. */
export function clock(of: Date): string {
  return [of.getHours(), of.getMinutes(), of.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** Counts with the grouping of the language. */
export function count(of: number): string {
  return new Intl.NumberFormat(locale() === 'zh-Hans' ? 'zh-CN' : 'en-GB').format(of);
}

/** Bytes in a unit a person reads. */
export function bytes(of: number): string {
  if (of < 1000) return `${of} B`;
  if (of < 1_000_000) return `${(of / 1000).toFixed(1)} kB`;
  return `${(of / 1_000_000).toFixed(1)} MB`;
}

/** `PT1H30M` → `1 h 30 min` / `1 小时 30 分钟`, with the parts that were written. */
export function duration(iso: string): string {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(iso);
  if (parts === null) return iso;
  const words = locale() === 'zh-Hans' ? ['天', '小时', '分钟'] : ['d', 'h', 'min'];
  const said = words.map((word, at) => (parts[at + 1] === undefined ? '' : `${parts[at + 1]} ${word}`));
  return said.filter((part) => part !== '').join(' ');
}

function gap(): string {
  return locale() === 'zh-Hans' ? ' ' : ', ';
}
