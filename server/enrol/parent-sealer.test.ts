import { expect, test } from 'vitest';
import type { KeyStoreCall } from '../../core/contract/key-store.ts';
import { createParentSealer } from './parent-sealer.ts';

function parent(answer: (call: KeyStoreCall) => string | null) {
  const asked: string[] = [];
  let hear: ((message: unknown) => void) | undefined;
  const sealer = createParentSealer({
    send(call) {
      asked.push(call.what);
      queueMicrotask(() => {
        hear?.('something else');
        hear?.({ answer: 'key-store', id: 9_999, text: 'of another' });
        hear?.({ answer: 'key-store', id: call.id, text: answer(call) });
      });
    },
    onMessage: (listener) => (hear = listener),
  });
  return { asked, sealer };
}

test('nothing is asked before it is needed, its name once', async () => {
  const { asked, sealer } = parent(({ what, text }) => (what === 'name' ? 'Keychain' : `${what} ${text}`));
  expect(asked).toEqual([]);
  const [one, two] = await Promise.all([sealer(), sealer()]);
  expect(one).toBe(two);
  expect(one?.name).toBe('Keychain');
  expect(await Promise.all([one?.seal('a'), one?.open('b')])).toEqual(['seal a', 'open b']);
  expect(asked).toEqual(['name', 'seal', 'open']);
});

test('a store that protects nothing is none; what it does not open is nothing, and it must seal', async () => {
  expect(await parent(() => null).sealer()).toBeUndefined();
  const broken = await parent(({ what }) => (what === 'name' ? 'DPAPI' : null)).sealer();
  expect(await broken?.open('x')).toBeUndefined();
  await expect(broken?.seal('x')).rejects.toThrow('did not seal');
});
