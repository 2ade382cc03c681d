import { expect, it } from 'vitest';
import { createUsualLanguage } from './usual-language.ts';

it('nothing is guessed before the first document, then what most of the last ones were in, the later of two as frequent', async () => {
  const usual = createUsualLanguage();
  expect(await usual.guess()).toBeUndefined();
  usual.saw('en');
  expect(await usual.guess()).toBe('en');
  usual.saw('de');
  expect(await usual.guess()).toBe('de');
  usual.saw('en');
  expect(await usual.guess()).toBe('en');
});

it('long ago does not count', async () => {
  const usual = createUsualLanguage();
  for (let i = 0; i < 40; i += 1) usual.saw('en');
  for (let i = 0; i < 8; i += 1) usual.saw('fr');
  expect(await usual.guess()).toBe('fr');
});

it('the second document waits for the first, but not for ever', async () => {
  const usual = createUsualLanguage(60_000);
  expect(await usual.guess()).toBeUndefined();
  const second = usual.guess();
  usual.saw('de');
  expect(await second).toBe('de');

  const silent = createUsualLanguage(1);
  await silent.guess();
  expect(await silent.guess()).toBeUndefined();
});
