import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RawInput } from '../../../src/bindings/RawInput';
import type { UnfinishedView } from '../../../src/bindings/UnfinishedView';
import type { Draft } from '../../../src/entry/draft.svelte';
import { Sitting } from '../../../src/entry/sitting.svelte';
import { FORM, type MockCore } from '../../mock/entry/core';
import { mockDoor, path } from './door';

let core: MockCore;
let sitting: Sitting;

function draft(oid: string): Draft {
  const view = sitting.view?.groups.flatMap((g) => g.rows.flatMap((r) => r.items)).find((i) => i.path === path(oid));
  const found = view === undefined ? null : sitting.draft(view);
  if (found === null) throw new Error(`no item ${oid}`);
  return found;
}

/** As the file keeps it. */
function kept(input: Partial<RawInput>): UnfinishedView {
  return { input: { text: '', codes: [], ...input }, by_hand: false };
}

const entered = () => core.asked.filter((a) => a.name === 'enter_value').map((a) => a.request as { text: string });

beforeEach(async () => {
  const made = mockDoor();
  core = made.core;
  sitting = new Sitting(FORM, made.door);
  await sitting.load();
});
afterEach(() => vi.useRealTimers());

describe('saving', () => {
  it('saves what differs and nothing that does not', async () => {
    const weight = draft('VS.WEIGHT');
    weight.type('60');
    await sitting.commit(weight);
    await sitting.commit(weight);
    expect(entered()).toHaveLength(1);
    expect(weight.phase).toBe('rest');
    expect(core.values.get(path('VS.WEIGHT'))?.value).toEqual({ type: 'number', number: '60', unit: 'kg' });
  });

  it('enters anew what is stored, where it is the right one of two', async () => {
    const weight = draft('VS.WEIGHT');
    weight.type('60');
    await sitting.commit(weight);
    weight.takeAnew({ type: 'number', number: '60', unit: 'kg' });
    await sitting.commit(weight);
    expect(entered().map((request) => request.text)).toEqual(['60', '60']);
    expect(weight.phase).toBe('rest');
    await sitting.commit(weight);
    expect(entered()).toHaveLength(2);
  });

  it('an answer never changes what is being typed meanwhile', async () => {
    const weight = draft('VS.WEIGHT');
    weight.held = true;
    core.hold();
    weight.type('6');
    const first = sitting.commit(weight);
    weight.type('61.5');
    await vi.waitFor(() => expect(entered()).toHaveLength(1));
    core.release();
    await first;
    expect(weight.typed.text).toBe('61.5');
    expect(weight.phase).toBe('typing');
    await sitting.commit(weight);
    expect(core.values.get(path('VS.WEIGHT'))?.value).toMatchObject({ number: '61.5' });
    expect(weight.phase).toBe('rest');
  });

  it('sends one act after another, so the newest view stays', async () => {
    core.hold();
    const weight = draft('VS.WEIGHT');
    const what = draft('VS.LOT');
    weight.type('60');
    what.type('LOT-1');
    const both = [sitting.commit(weight), sitting.commit(what)];
    await vi.waitFor(() => expect(entered()).toHaveLength(1));
    expect(core.asked.filter((a) => a.name === 'enter_value')).toHaveLength(1);
    core.release();
    await Promise.all(both);
    expect(entered().map((e) => e.text)).toEqual(['60', 'LOT-1']);
    expect(draft('VS.LOT').view.value).toEqual({ type: 'text', text: 'LOT-1' });
  });

  it('refused text stays, says why, and is kept in the file', async () => {
    const weight = draft('VS.WEIGHT');
    weight.type('about sixty');
    await sitting.commit(weight);
    expect(weight.typed.text).toBe('about sixty');
    expect(weight.phase).toBe('refused');
    expect(weight.problem).toMatchObject({ code: 'input_not_a_number' });
    expect(core.unfinished.get(path('VS.WEIGHT'))).toEqual(kept({ text: 'about sixty', unit: 'kg' }));
    await sitting.load();
    expect(weight.typed.text).toBe('about sixty');
  });

  it('what was refused is not sent again by leaving the item, only by asking once more', async () => {
    const weight = draft('VS.WEIGHT');
    weight.type('x');
    await sitting.commit(weight);
    await sitting.commit(weight);
    expect(entered()).toHaveLength(1);
    await sitting.commit(weight, { again: true });
    expect(entered()).toHaveLength(2);
  });

  it('a refusal of old text does not mark newer text', async () => {
    const weight = draft('VS.WEIGHT');
    core.hold();
    weight.type('x');
    const first = sitting.commit(weight);
    await vi.waitFor(() => expect(entered()).toHaveLength(1));
    weight.type('62');
    core.release();
    await first;
    expect(weight.phase).toBe('typing');
    expect(weight.problem).toBeNull();
  });

  it('full-width digits are taken, and what was understood is shown', async () => {
    const weight = draft('VS.WEIGHT');
    weight.type('６１．５');
    await sitting.commit(weight);
    expect(weight.typed.text).toBe('61.5');
    expect(weight.readFrom).toBe('６１．５');
  });

  it('while the cursor stays, the spelling stays too, and leaving does not save twice', async () => {
    const date = draft('VS.DATE');
    date.held = true;
    date.type('t');
    await sitting.commit(date);
    expect(date.typed.text).toBe('t');
    expect(date.phase).toBe('rest');
    date.held = false;
    await sitting.commit(date);
    expect(date.typed.text).toBe('2026-11-22');
    expect(entered()).toHaveLength(1);
  });

  it('saves no half syllable', async () => {
    const lot = draft('VS.LOT');
    lot.type('好');
    lot.compose(true);
    lot.type('好ni');
    await sitting.commit(lot);
    expect(entered()).toHaveLength(0);
    await sitting.keepAll();
    expect(core.unfinished.get(path('VS.LOT')), 'nor kept, but what stood before it is').toEqual(kept({ text: '好' }));
    lot.compose(false);
    lot.type('好你');
    await sitting.commit(lot);
    expect(entered()).toHaveLength(1);
  });
});

describe('typed and not saved', () => {
  it('is kept from the first stroke on while somebody types without a pause, and forgotten once saved', async () => {
    vi.useFakeTimers();
    const temp = draft('VS.TEMP');
    temp.chooseUnit('C');
    let text = '';
    for (const stroke of '38.5') {
      text += stroke;
      temp.type(text);
      sitting.keepSoon(temp);
      await vi.advanceTimersByTimeAsync(100);
    }
    // 0 ms and 250 ms: a hand that never rests is kept all the same.
    const asked = core.asked.filter((a) => a.name === 'keep_unfinished');
    expect(asked.map((a) => (a.request as { typed: { input: { text: string } } }).typed.input.text)).toEqual(['3', '38.']);
    await vi.advanceTimersByTimeAsync(250);
    expect(core.unfinished.get(path('VS.TEMP'))).toEqual(kept({ text: '38.5', unit: 'C' }));
    await sitting.commit(temp);
    expect(core.unfinished.size).toBe(0);
  });

  it('is not kept for what was saved meanwhile, though the screen goes while the save is under way', async () => {
    core.hold();
    const lot = draft('VS.LOT');
    lot.type('LOT-1');
    const saving = sitting.commit(lot);
    const leaving = sitting.keepAll();
    await vi.waitFor(() => expect(entered()).toHaveLength(1));
    core.release();
    await Promise.all([saving, leaving]);
    expect(core.values.get(path('VS.LOT'))?.value).toEqual({ type: 'text', text: 'LOT-1' });
    expect(core.unfinished.size).toBe(0);
  });

  it('is offered on return, and taken up with its unit', async () => {
    core.unfinished.set(path('VS.TEMP'), kept({ text: '38.5', unit: 'F' }));
    const made = new Sitting(FORM, { read: (n, r) => core.answer(n, r) as never, write: (n, r) => core.answer(n, r) as never });
    sitting = made;
    await sitting.load();
    const temp = draft('VS.TEMP');
    expect(temp.offered).toEqual(kept({ text: '38.5', unit: 'F' }));
    expect(temp.typed.text).toBe('');
    temp.takeOffer();
    expect(temp.typed).toMatchObject({ text: '38.5', unit: 'F' });
    expect(temp.phase).toBe('typing');
  });

  it('is forgotten only when the person says so', async () => {
    core.unfinished.set(path('VS.LOT'), kept({ text: 'LOT' }));
    sitting = new Sitting(FORM, { read: (n, r) => core.answer(n, r) as never, write: (n, r) => core.answer(n, r) as never });
    await sitting.load();
    const lot = draft('VS.LOT');
    await sitting.commit(lot);
    expect(core.unfinished.size).toBe(1);
    await sitting.forgetOffer(lot);
    expect(core.unfinished.size).toBe(0);
  });
});

describe('kept while its reason is due', () => {
  it('an emptied item and a missing kind, not text alone', async () => {
    const weight = draft('VS.WEIGHT');
    weight.type('60');
    await sitting.commit(weight);
    core.complete = true;
    await sitting.load();
    weight.empty();
    await sitting.commit(weight);
    await sitting.keepAll();
    expect(core.unfinished.get(path('VS.WEIGHT'))).toEqual(kept({ text: '', unit: 'kg' }));
    weight.chooseMissing('not_done');
    await sitting.commit(weight);
    await sitting.keepAll();
    expect(core.unfinished.get(path('VS.WEIGHT'))).toEqual(kept({ text: '', unit: 'kg', missing: 'not_done' }));
    // On return it stands there again as it was.
    sitting = new Sitting(FORM, { read: (n, r) => core.answer(n, r) as never, write: (n, r) => core.answer(n, r) as never });
    await sitting.load();
    const again = draft('VS.WEIGHT');
    again.takeOffer();
    expect(again.typed.missing).toBe('not_done');
  });
});

describe('words that go with a value', () => {
  it('a change to a complete form waits for its reason, then saves with it', async () => {
    core.complete = true;
    await sitting.load();
    const weight = draft('VS.WEIGHT');
    weight.type('60');
    await sitting.commit(weight);
    expect(entered()).toHaveLength(0);
    expect(sitting.reasonFor).toBe(weight);
    expect(weight.phase).toBe('refused');
    await sitting.giveReason({ code: 'transcription' });
    expect(core.asked.at(-1)?.request).toMatchObject({ typed: null });
    expect(entered()[0]).toMatchObject({ text: '60', reason: { code: 'transcription' } });
    expect(weight.phase).toBe('rest');
  });

  it('going back from the reason loses nothing', async () => {
    core.complete = true;
    await sitting.load();
    const weight = draft('VS.WEIGHT');
    weight.type('60');
    await sitting.commit(weight);
    await sitting.giveReason(null);
    expect(weight.typed.text).toBe('60');
    expect(weight.phase).toBe('refused');
    expect(core.unfinished.get(path('VS.WEIGHT'))).toEqual(kept({ text: '60', unit: 'kg' }));
  });

  it('asks before it hides answers, and hides them only when told so', async () => {
    core.hidesWhenNo = true;
    const sick = draft('VS.SICK');
    sick.choose(['N']);
    await sitting.commit(sick);
    expect(sitting.hiding?.items).toEqual(['VS.WHAT']);
    expect(core.values.size).toBe(0);
    await sitting.answerHiding(true);
    expect(core.values.get(path('VS.SICK'))?.value).toEqual({ type: 'code', code: 'N' });
  });
});
