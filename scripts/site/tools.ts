/** What a run of the site needs of the machine: root and Debian's packages. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAMS = [
  'nginx',
  'pgbouncer',
  'redis-server',
  'redis-cli',
  'radosgw',
  'radosgw-admin',
  'ceph',
  'ceph-mon',
  'ceph-osd',
  'monmaptool',
  'openssl',
];
/** The version that the topology names; npm's build of Postgres is another one. */
export const POSTGRES = '/usr/lib/postgresql/15';
export const APT =
  'apt-get install -y --no-install-recommends nginx-light pgbouncer redis-server postgresql-15 radosgw ceph-mon ceph-osd ceph-common openssl';

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

export function program(name: string): string {
  const folder = folders.find((one) => existsSync(join(one, name)));
  if (folder === undefined) throw new Error(`${name} is not installed (${APT})`);
  return join(folder, name);
}

/** One sentence where a run cannot even begin. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'the parts of a site are run on Linux';
  if (process.getuid?.() !== 0) return 'root is needed: Postgres and pgbouncer run as users of their own';
  const missing = PROGRAMS.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (!existsSync(join(POSTGRES, 'bin', 'postgres'))) missing.push('Postgres 15');
  return missing.length === 0 ? undefined : `missing: ${missing.join(', ')} (${APT})`;
}
