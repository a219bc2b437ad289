import { expect, test } from 'vitest';
import { applyStudy, formPathOf, go, hrefToForm, hrefToItem, placeOf, route, showItem, showValue } from '../../../src/state';
import { STUDY } from '../../mock/study';
import { until } from '../app';

test('a path is taken apart, numbers and all', () => {
  expect(placeOf('S-001/CRS[12]/CRS[2]/CRS.O2[3]/CRS.FLOW')).toMatchObject({ subject: 'S-001', visit: 'CRS', visitNo: 12, form: 'CRS', formNo: 2, group: 'CRS.O2', row: 3, item: 'CRS.FLOW', formPath: 'S-001/CRS[12]/CRS[2]' });
  expect(formPathOf('S-001', 'CRS', 1, 'CRS')).toBe('S-001/CRS/CRS');
  expect(formPathOf('S-001', 'CRS', 2, 'CRS', 3)).toBe('S-001/CRS[2]/CRS[3]');
});

test('an address leads back to the same form and item', async () => {
  const item = 'S-001/CRS[2]/CRS/CRS.MAIN/CRS.TEMP';
  go(hrefToItem(item));
  await until(() => route().name === 'form');
  expect(route().parts.join('/')).toBe('S-001/CRS[2]/CRS');
  expect(route().at).toBe(item);
  expect(hrefToForm('S-001/SCR/DM')).toBe('#/form/S-001/SCR/DM');
});

test('values are shown in the words and units of the study, digits as entered', () => {
  applyStudy(STUDY);
  expect(showValue({ type: 'number', number: '12.50', unit: '10*9/L' })).toBe('12.50 ×10⁹/L');
  expect(showValue({ type: 'code', code: 'F' }, 'DM.SEX')).toBe('Female');
  expect(showValue({ type: 'missing', missing: 'not_done' })).toBe('Not done');
  expect(showValue(null)).toBe('—');
  expect(showItem('S-001/SCR/DM/DM.MAIN/DM.WEIGHT')).toBe('Weight');
});
