import { beforeAll, describe, expect, it } from 'vitest';
import type { Cell, Invoice } from '../../core/contract/invoice.ts';
import { EMPTY_CELL } from '../review/cells.ts';
import { setLanguage } from '../text.ts';
import { changeText, refusalText, remoteNews, stateText } from './sync-words.ts';

const ME = 'local:me';
const cell = (value: string, actor: string | undefined, parents: string[], more: Partial<Cell> = {}): Cell => ({
  ...EMPTY_CELL,
  value,
  parents,
  ...(actor === undefined ? {} : { actor }),
  ...more,
});
const invoice = (header: Record<string, Cell>, state = 'received'): Invoice =>
  ({ id: 'i', state, status: state, header, lines: [], taxRows: [] }) as unknown as Invoice;

describe('sync in words', () => {
  beforeAll(() => setLanguage('en', 'UTC'));

  it('says in one sentence what somebody else did to the open invoice', () => {
    const before = invoice({ invoiceNumber: cell('1', undefined, ['r']), contractRef: cell('a', ME, ['x']) });
    const one = invoice({ invoiceNumber: cell('2', 'user:ada', ['o']), contractRef: cell('b', ME, ['y']) });
    expect(remoteNews(before, one, ME)).toBe('somebody else changed Invoice number: 2');
    const two = invoice({ invoiceNumber: cell('2', 'user:ada', ['o']), contractRef: cell('b', 'user:ada', ['y']) });
    expect(remoteNews(before, two, ME)).toMatch(/^somebody else changed fields of this invoice: Invoice number, /);
  });

  it('is silent about what one did oneself, what programs read, and what stayed', () => {
    const before = invoice({ invoiceNumber: cell('1', undefined, ['r']) });
    expect(remoteNews(before, before, ME)).toBeUndefined();
    expect(remoteNews(before, invoice({ invoiceNumber: cell('2', ME, ['o']) }), ME)).toBeUndefined();
    expect(remoteNews(before, invoice({ invoiceNumber: cell('2', undefined, ['r2']) }), ME)).toBeUndefined();
    expect(remoteNews(before, invoice({ invoiceNumber: cell('2', 'service:recall', ['o']) }), ME)).toBeUndefined();
  });

  it('tells of a conflict by who came last, and of a decision', () => {
    const before = invoice({ invoiceNumber: cell('1', ME, ['o']) });
    const heads = [
      { op: 'o', value: '1', actor: ME, at: '2026-01-01T00:00:00Z' },
      { op: 'p', value: '2', actor: 'user:ada', at: '2026-01-01T00:00:01Z' },
    ];
    const after = invoice({ invoiceNumber: cell('2', ME, ['o', 'p'], { conflict: heads }) });
    expect(remoteNews(before, after, ME)).toContain('changed Invoice number: 2');
    expect(remoteNews(before, { ...before, state: 'confirmed', status: 'confirmed' }, ME)).toContain('decided');
  });

  it('has words for every state, change and refusal, also for those it does not know', () => {
    expect(stateText({ state: 'syncing', left: 3, heardAt: null })).toBe('Syncing, 3 left');
    expect(stateText({ state: 'up-to-date', left: 0, heardAt: '2026-01-01T10:32:00Z' })).toBe('Up to date, 10:32');
    expect(changeText({ kind: 'field.set', field: 'invoiceNumber' })).toBe('Invoice number');
    expect(changeText({ kind: 'invoice.painted', field: null })).toBe('Change');
    expect(refusalText('stale')).toContain('changed by somebody else');
    expect(refusalText('strange')).toContain('strange');
  });
});
