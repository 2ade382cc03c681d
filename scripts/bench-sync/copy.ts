/**
 * What Postgres itself needs: the same rows into a table with the same columns and indexes, by COPY from a file of the server's, 1,000 rows a transaction, each of them on the
 * disk before the next one begins.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSuper } from '../../server/store/testing-roles.ts';
import { ROOM } from './ours.ts';
import type { BenchSite } from './site.ts';

const ROWS = 1_000;

export interface Copying {
  /** Rows a second for the newest operations of the site's log. */
  run(): Promise<number>;
  stop(): void;
}

export async function startCopying({ files }: BenchSite, changes: number): Promise<Copying> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-copy-'));
  // The server is another user.
  chmodSync(folder, 0o755);
  await asSuper(files, (client) => client.query('CREATE TABLE copied (LIKE op_log INCLUDING ALL)'));
  let round = 0;
  return {
    async run() {
      round += 1;
      const paths: string[] = [];
      return asSuper(files, async (client) => {
        const { rows } = await client.query<{ line: string }>(
          `SELECT concat_ws(E'\\t', site, seq, op_id, device, dev_seq, root, kind, replace(body, E'\\\\', E'\\\\\\\\'), hash, site_hash, received_at, verdict,
             coalesce(erased_by, '\\N'), coalesce(head_sig, '\\N')) AS line FROM op_log WHERE site = $2 ORDER BY seq DESC LIMIT $1`,
          [changes, ROOM],
        );
        const lines = rows.map(({ line }) => line).toReversed();
        for (let from = 0; from < lines.length; from += ROWS) {
          const path = join(folder, `${round}-${from}`);
          writeFileSync(path, `${lines.slice(from, from + ROWS).join('\n')}\n`);
          paths.push(path);
        }
        const begun = performance.now();
        for (const path of paths) await client.query(`COPY copied FROM '${path}'`);
        return (lines.length * 1_000) / (performance.now() - begun);
      });
    },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
}
