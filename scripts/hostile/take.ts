/** Takes one file as the station would: inspected, opened if it is a container, else its first pages read and its fields extracted. */
import { join } from 'node:path';
import type { PageReading } from '../../core/contract/reading.ts';
import type { Pool } from '../../server/pool.ts';
import type { Expected } from './case.ts';
import type { HostileCase } from './make.ts';

/** Of one task. */
const LIMIT_MS = 60_000;
const PAGES = 2;
const LANGUAGES = ['eng'];

export interface Happened {
  readonly got: Expected;
  /** Text of what was read. */
  readonly text: string;
}

export async function take(
  pool: Pool,
  { file, path }: Pick<HostileCase, 'file' | 'path'>,
  outDir: string,
  timeoutMs = LIMIT_MS,
): Promise<Happened> {
  const limit = { timeoutMs };
  const seen = await pool.run('inspect', { path, name: file }, limit);
  if (seen.kind === 'unreadable') return { got: { outcome: 'unreadable', reason: seen.reason }, text: seen.detail };
  const { type, pages } = seen;
  if (type === 'zip' || type === 'mail') {
    const opened = await pool.run('expand', { path, name: file, outDir }, limit);
    if (opened.kind === 'unreadable')
      return { got: { outcome: 'unreadable', reason: opened.reason }, text: opened.detail };
    const leaks = opened.members.filter((member) => member.path !== join(outDir, member.sha256));
    if (leaks.length > 0) throw new Error(`${file}: written outside of its folder: ${leaks[0]?.path}`);
    return { got: { outcome: 'expands', members: opened.members.length }, text: '' };
  }
  const readings: PageReading[] = [];
  const last = type === 'xml' ? 0 : Math.min(PAGES, pages);
  for (let page = 1; page <= last; page += 1) {
    const read = await pool.run('readPage', { path, type, page, languages: LANGUAGES }, limit);
    if (read.kind === 'unreadable') return { got: { outcome: 'unreadable', reason: read.reason }, text: read.detail };
    readings.push(read.page);
  }
  const fields = await pool.run('extract', { path, type, document: '0'.repeat(64), pages: readings }, limit);
  if (fields.kind === 'unreadable')
    return { got: { outcome: 'unreadable', reason: fields.reason }, text: fields.detail };
  const words = fields.reading.pages.flatMap((page) => page.words.map((word) => word.text));
  const values = Object.values(fields.reading.header).map((cell) => cell.value);
  return { got: { outcome: 'reads', type, pages }, text: [...words, ...values].join(' ') };
}

export function agrees(expected: Expected, { got, text }: Happened): boolean {
  if (expected.outcome === 'reads' && got.outcome === 'reads') {
    const { type, pages, text: wanted } = expected;
    return type === got.type && (pages ?? got.pages) === got.pages && (wanted === undefined || text.includes(wanted));
  }
  if (expected.outcome === 'expands' && got.outcome === 'expands') return expected.members === got.members;
  return expected.outcome === 'unreadable' && got.outcome === 'unreadable' && expected.reason === got.reason;
}
