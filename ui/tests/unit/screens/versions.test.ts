import { fireEvent, screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Desk } from '../../mock/desk';
import { openApp, until } from '../app';

const amended = (desk: Desk): void => {
  desk.site = { ...desk.site, version: '1.1', versions: ['1.0', '1.1'] };
};
const asked = (desk: Desk, name: string) => desk.calls.filter(([called]) => called === name).map(([, request]) => request);

test('an administrator sees in words what a version changes before it comes into force', async () => {
  const desk = openApp('administrator', '#/settings/study');
  const part = await screen.findByTestId('versions');
  await fireEvent.click(await within(part).findByTestId('look-1.1'));
  const plan = await screen.findByTestId('version-plan');
  expect(plan).toHaveTextContent('Item DM.WEIGHT (Weight) is new [2 subjects]');
  expect(plan).toHaveTextContent('Decision D-08 (Lowest LVEF), lvef_min_pct: 40 → 45');
  expect(plan).toHaveTextContent('2 of 3 subjects are touched');
  expect(asked(desk, 'install_version')).toEqual([]);
  await fireEvent.click(screen.getByTestId('install-1.1'));
  await screen.findByTestId('version-1.1');
  expect(asked(desk, 'install_version')).toEqual([{ version: '1.1' }]);
  expect(screen.queryByTestId('version-plan')).toBeNull();
});

test('nobody else brings a version into force', async () => {
  openApp('investigator', '#/settings/study');
  await fireEvent.click(await screen.findByTestId('look-1.1'));
  expect(await screen.findByTestId('version-plan')).toHaveTextContent('An administrator brings it into force.');
  expect(screen.queryByTestId('install-1.1')).toBeNull();
});

test('a subject moves with a reason, after what changes for them was read', async () => {
  const desk = openApp('investigator', '#/subjects/S-001', amended);
  const card = await screen.findByTestId('subject-version');
  expect(card).toHaveTextContent('Protocol version 1.0');
  await fireEvent.click(within(card).getByTestId('move-subject'));
  const plan = await screen.findByTestId('move-plan');
  expect(plan).toHaveTextContent('Confirmed as “Eligible” under version 1.0.');
  expect(screen.getByTestId('move-forms')).toHaveTextContent('opened again, because of');
  const confirm = screen.getByTestId('confirm-move');
  expect(confirm).toBeDisabled();
  await fireEvent.input(screen.getByTestId('move-why'), { target: { value: '  Approved on 3 March. ' } });
  await fireEvent.click(confirm);
  await until(() => screen.queryByTestId('move-plan') === null);
  const reason = { code: 'other', text: 'Approved on 3 March.' };
  expect(asked(desk, 'move_subject')).toEqual([{ subject: 'S-001', from: '1.0', to: '1.1', reason }]);
  expect(await screen.findByTestId('subject-version')).toHaveTextContent('Protocol version 1.1');
  expect(screen.queryByTestId('move-subject')).toBeNull();
});

test('a nurse reads what would change and cannot move anybody', async () => {
  openApp('nurse', '#/subjects/S-001', amended);
  await fireEvent.click(await screen.findByTestId('move-subject'));
  expect(await screen.findByTestId('may-not-move')).toHaveTextContent('Reading only: an investigator does this. Your role: Nurse.');
  expect(screen.queryByTestId('confirm-move')).toBeNull();
});

test('nothing is offered where the subject is under the newest version', async () => {
  openApp('investigator', '#/subjects/S-001');
  await screen.findByTestId('subject-version');
  expect(screen.queryByTestId('move-subject')).toBeNull();
});
