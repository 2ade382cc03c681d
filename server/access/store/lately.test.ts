import { expect, test } from 'vitest';
import { createLately } from './lately.ts';

function desk() {
  let at = 1_000;
  const asked: string[] = [];
  const lately = createLately<string>(10, () => at);
  const ask = (name: string): Promise<string> =>
    lately.ask(name, async () => {
      asked.push(name);
      if (name === 'away') throw new Error('away');
      return `${name} ${asked.length}`;
    });
  return { ask, asked, forget: lately.forget, pass: (ms: number) => void (at += ms) };
}

test('those of the same moment have one answer, those after it another', async () => {
  const { ask, pass } = desk();
  const first = await Promise.all([ask('a'), ask('a'), ask('b')]);
  pass(9);
  const still = await ask('a');
  pass(1);
  expect([...first, still, await ask('a')]).toEqual(['a 1', 'a 1', 'b 2', 'a 1', 'a 3']);
});

test('no answer is older than the time, even where somebody asks all the time', async () => {
  const { ask, pass } = desk();
  await ask('a');
  pass(6);
  await ask('b');
  pass(6);
  expect(await ask('b')).toBe('b 3');
});

test('what this process changed holds at once; a clock that goes back keeps nothing; what failed is asked again', async () => {
  const { ask, asked, forget, pass } = desk();
  await ask('a');
  forget();
  await ask('a');
  pass(-500);
  await ask('a');
  await expect(ask('away')).rejects.toThrow('away');
  await expect(ask('away')).rejects.toThrow('away');
  expect(asked).toEqual(['a', 'a', 'a', 'away', 'away']);
});
