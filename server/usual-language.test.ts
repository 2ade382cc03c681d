import { expect, it } from 'vitest';
import { createUsualLanguage } from './usual-language.ts';

it('nothing is guessed before the first document, then what most of the last ones were in, the later of two as frequent', () => {
  const usual = createUsualLanguage();
  expect(usual.guess()).toBeUndefined();
  usual.saw('en');
  expect(usual.guess()).toBe('en');
  usual.saw('de');
  expect(usual.guess()).toBe('de');
  usual.saw('en');
  expect(usual.guess()).toBe('en');
});

it('long ago does not count', () => {
  const usual = createUsualLanguage();
  for (let i = 0; i < 40; i += 1) usual.saw('en');
  for (let i = 0; i < 8; i += 1) usual.saw('fr');
  expect(usual.guess()).toBe('fr');
});
