import { expect, test } from 'vitest';
import { taxIdProblem } from './tax-id.ts';

// Numbers of the documentation of the check-digit algorithms.
const VALID =
  'ATU13585627 BE0428759497 BG175074752 CHE-107.787.577 CHE-107.787.577MWST CY10259033P CZ25123891 DE136695976 DK13585628 EE100931558 ' +
  'EL094259216 ES54362315K ESB58378431 FI20774740 FR40303265045 GB980780684 HR33392005961 HU12892312 IE6433435F IE6433435OA IT00743110157 ' +
  'LT119511515 LU15027442 LV40003521600 MT11679112 NL004495445B01 NL123456789B13 NO995525828MVA PL8567346215 PT501964843 RO18547290 ' +
  'SE123456789701 SI50223054 SK2022749619';

test('VAT ids with right check digits pass, printed with spaces and points too', () => {
  for (const id of VALID.split(' ')) {
    expect([id, taxIdProblem(id)]).toEqual([id, undefined]);
    expect(taxIdProblem(`${id.slice(0, 2)} ${id.slice(2, 5)} ${id.slice(5)}`)).toBeUndefined();
  }
});

test('one wrong digit is found', () => {
  expect(taxIdProblem('DE136695977')).toEqual({ kind: 'checksum', country: 'DE' });
  expect(taxIdProblem('CHE-107.787.578 MWST')).toEqual({ kind: 'checksum', country: 'CH' });
  expect(taxIdProblem('IT00743110158')).toEqual({ kind: 'checksum', country: 'IT' });
  expect(taxIdProblem('DE13669597')).toEqual({ kind: 'form', country: 'DE' });
});

test('numbers that name no country are not judged', () => {
  for (const id of ['12/345/67890', '732 829 320 00074', 'US 12-3456789', 'DEPARTMENT 12', ''])
    expect(taxIdProblem(id)).toBeUndefined();
});
