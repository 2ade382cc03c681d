import { expect, it } from 'vitest';
import { createUsualLanguage } from './usual-language.ts';

it('nothing is guessed before the first scan, then what most of the last ones were in, the later of two as frequent', () => {
  const usual = createUsualLanguage();
  expect(usual.guess()).toBeUndefined();
  usual.saw('eng');
  expect(usual.guess()).toBe('eng');
  usual.saw('deu');
  expect(usual.guess()).toBe('deu');
  usual.saw('eng');
  expect(usual.guess()).toBe('eng');
});

it('long ago does not count', () => {
  const usual = createUsualLanguage();
  for (let i = 0; i < 40; i += 1) usual.saw('eng');
  for (let i = 0; i < 8; i += 1) usual.saw('fra');
  expect(usual.guess()).toBe('fra');
});
