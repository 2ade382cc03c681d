import { expect, it } from 'vitest';
import type { OcrPass } from './engine.ts';
import { readAsTold } from './retell.ts';

/** One word, as sure as that. */
const pass = (confidence: number): OcrPass => ({
  words: [{ text: 'Rechnung', confidence, x0: 0, y0: 0, x1: 80, y1: 20 }],
  confidence,
});
const FIRST = { pass: pass(80), languages: ['eng'] };

/** Reads with what is next on the list, whatever was read before; says which languages were read. */
async function readWith(list: Readonly<Record<string, { next?: string; confidence: number }>>) {
  const asked: string[] = [];
  const told = await readAsTold(
    FIRST,
    ({ languages }) => {
      const next = list[languages.join('+')]?.next;
      return next === undefined ? undefined : next.split('+');
    },
    async (languages) => {
      asked.push(languages.join('+'));
      return pass(list[languages.join('+')]?.confidence ?? 0);
    },
  );
  return { asked, languages: told.languages.join('+'), confidence: told.pass.confidence };
}

it('a page whose words tell nothing else is read once', async () => {
  expect(await readWith({ eng: { confidence: 80 } })).toEqual({ asked: [], languages: 'eng', confidence: 80 });
});

it('a reading that is worth less ends it: the page is not read the same way again', async () => {
  const outcome = await readWith({ eng: { next: 'deu', confidence: 80 }, deu: { confidence: 70 } });
  expect(outcome).toEqual({ asked: ['deu'], languages: 'eng', confidence: 80 });
});

it('one that is worth nearly as much stays, since a page is not always surest in its own language', async () => {
  const outcome = await readWith({ eng: { next: 'deu', confidence: 80 }, deu: { confidence: 75 } });
  expect(outcome).toEqual({ asked: ['deu'], languages: 'deu', confidence: 75 });
});

it('all languages may tell the one that it is, and no more is asked then', async () => {
  const outcome = await readWith({
    eng: { next: 'eng+deu+fra', confidence: 80 },
    'eng+deu+fra': { next: 'spa', confidence: 82 },
    spa: { next: 'eng', confidence: 90 },
  });
  expect(outcome).toEqual({ asked: ['eng+deu+fra', 'spa'], languages: 'spa', confidence: 90 });
});
