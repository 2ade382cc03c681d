import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { RegionText } from '../../core/contract/region.ts';
import type { Box, Word } from '../../core/contract/reading.ts';
import { ApiError } from '../api.ts';
import { createAreaStore } from './area-store.ts';
import type { AreaDeps } from './area-store.ts';

const KEY = 'invoice:i1:grossTotal';
const BOX: Box = [1_000, 2_000, 3_000, 2_300];
const WORD: Word = { text: '119.00', box: [1_100, 2_050, 1_900, 2_250], confidence: 0.9 };
const SEEN: RegionText = { text: '119.00', words: [WORD], source: 'ocr', confidence: 0.9, value: '119' };

function setUp(source: 'text' | 'ocr', answer: (signal: AbortSignal) => Promise<RegionText>, notes: object[] = []) {
  const invoice = {
    id: 'i1',
    state: 'received',
    reading: { op: 'r', pages: [{ page: 1, source }], notes },
    header: {},
    lines: [],
    taxRows: [],
  };
  const review = createStore(() => ({ id: 'i1', focus: KEY as string | null, located: null }));
  const taken: unknown[] = [];
  const asked = vi.fn<(args: object, signal?: AbortSignal) => Promise<RegionText>>((_, signal) => answer(signal!));
  const prepared = vi.fn<() => Promise<{ ready: boolean }>>(() => Promise.resolve({ ready: true }));
  const said: string[] = [];
  const areas = createAreaStore({
    client: { readRegion: asked, prepareRegion: prepared },
    app: {
      announce: (text: string) => said.push(text),
      say: (text: string) => said.push(text),
      getState: () => ({ status: null, me: null }),
    },
    review: { ...review, current: () => ({ id: 'i1', shown: invoice }), requestFocus: () => undefined },
    viewer: createStore(() => ({ page: 1, turn: 0 })),
    documents: { words: () => Promise.resolve([WORD]) },
    control: {
      capture: (page: number, words: Word[], append: boolean) => taken.push(['capture', page, words[0]?.text, append]),
      takeArea: (key: string, value: string, at: object) => taken.push([key, value, at]),
    },
  } as unknown as AreaDeps);
  return { areas, review, taken, asked, prepared, said, invoice: invoice as never };
}

describe('an area', () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
  });

  it('takes the words of a text layer without asking', async () => {
    const { areas, taken, asked } = setUp('text', async () => SEEN);
    await areas.read(1, BOX, false);
    expect(taken).toEqual([['capture', 1, '119.00', false]]);
    expect(asked).not.toHaveBeenCalled();
    expect(areas.getState().kind).toBe('none');
  });

  it('asks where the text layer was caught at lying, and where only OCR can read', async () => {
    const lying = setUp('text', async () => SEEN, [{ code: 'TEXT_LAYER_MISMATCH', page: 1 }]);
    await lying.areas.read(1, BOX, false);
    expect(lying.asked).toHaveBeenCalledTimes(1);
    const scan = setUp('ocr', async () => SEEN);
    await scan.areas.read(1, BOX, false);
    expect(scan.taken).toEqual([[KEY, '119', { page: 1, box: WORD.box }]]);
    expect(scan.said.at(-1)).toContain('119.00');
  });

  it('leaves to the field what is no value of it, and appends as text', async () => {
    const odd = setUp('ocr', async () => ({ ...SEEN, value: null }));
    await odd.areas.read(1, BOX, false);
    expect(odd.taken).toEqual([['capture', 1, '119.00', false]]);
    const more = setUp('ocr', async () => SEEN);
    await more.areas.read(1, BOX, true);
    expect(more.taken).toEqual([['capture', 1, '119.00', true]]);
  });

  it('says when nothing can be read, and why it failed', async () => {
    const empty = setUp('ocr', async () => ({ ...SEEN, text: '', words: [], value: null }));
    await empty.areas.read(1, BOX, false);
    expect(empty.areas.getState()).toMatchObject({ kind: 'failed', box: BOX });
    const broken = setUp('ocr', () => Promise.reject(new ApiError('unavailable', 'too slow')));
    await broken.areas.read(1, BOX, false);
    expect(broken.areas.getState()).toMatchObject({ kind: 'failed', message: expect.stringContaining('too slow') });
    broken.areas.cancel();
    expect(broken.areas.getState().kind).toBe('none');
  });

  it('is forgotten when the reviewer goes on to another field', async () => {
    let signal: AbortSignal | undefined;
    const { areas, review, taken } = setUp('ocr', (given) => {
      signal = given;
      return new Promise((resolve) => given.addEventListener('abort', () => resolve(SEEN)));
    });
    const reading = areas.read(1, BOX, false);
    await vi.waitFor(() => expect(areas.getState().kind).toBe('reading'));
    await vi.waitFor(() => expect(signal).toBeDefined());
    review.setState({ focus: 'invoice:i1:netTotal' });
    await reading;
    expect(signal!.aborted).toBe(true);
    expect(taken).toEqual([]);
    expect(areas.getState().kind).toBe('none');
  });

  it('has a frame that keys move and size within the page', () => {
    const { areas } = setUp('ocr', async () => SEEN);
    areas.begin();
    const before = areas.getState() as { box: Box };
    areas.nudge(1, 0, 'move', (now += 1_000));
    const after = areas.getState() as { box: Box };
    expect(after.box).toEqual([before.box[0] + 25, before.box[1], before.box[2] + 25, before.box[3]]);
    areas.nudge(0, 1, 'size', (now += 1_000));
    expect((areas.getState() as { box: Box }).box[3]).toBe(before.box[3] + 25);
    for (let i = 0; i < 200; i += 1) areas.nudge(-1, -1, 'move', (now += 10));
    expect((areas.getState() as { box: Box }).box.slice(0, 2)).toEqual([0, 0]);
    for (let i = 0; i < 200; i += 1) areas.nudge(-1, -1, 'size', (now += 10));
    const [x0, y0, x1, y1] = (areas.getState() as { box: Box }).box;
    expect([x1 - x0, y1 - y0]).toEqual([40, 40]);
  });

  it('makes the engine ready for pages that only it can read', async () => {
    const scan = setUp('ocr', async () => SEEN);
    await scan.areas.prepare(scan.invoice, 1);
    expect(scan.prepared).toHaveBeenCalledTimes(1);
    const text = setUp('text', async () => SEEN);
    await text.areas.prepare(text.invoice, 1);
    expect(text.prepared).not.toHaveBeenCalled();
  });
});
