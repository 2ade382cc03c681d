/** Accounts without a server: for the command line, on the site's database. */
import { randomBytes } from 'node:crypto';
import { uuid7 } from '../../core/sync/ids.ts';
import { createLog } from '../log.ts';
import type { Parts } from './parts.ts';
import { createPasswords } from './passwords.ts';
import { createSecrets } from './secrets.ts';
import { readAccessSettings } from './settings.ts';
import type { AccessStore } from './store/access-store.ts';
import { createUsers, inviteFirstAdmin, type InvitationView } from './users.ts';

export interface Setup {
  readonly sites: readonly string[];
  inviteFirstAdmin(wish: {
    readonly site: string;
    readonly login: string;
    readonly name: string;
  }): Promise<InvitationView | undefined>;
  close(): Promise<void>;
}

/** `open` is called once the settings are known to be right: what is open has to be closed. */
export async function openSetup(
  open: () => Promise<AccessStore>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Setup> {
  const { origin, sites, keys } = readAccessSettings(environment);
  const store = await open();
  const parts: Parts = {
    store,
    secrets: createSecrets(keys),
    passwords: createPasswords(),
    log: createLog({ write: (line: string) => process.stderr.write(line) }, 'warn'),
    now: Date.now,
    newId: () => uuid7(Date.now(), randomBytes(10)),
    origin,
    sites,
  };
  return {
    sites,
    inviteFirstAdmin: (wish) => inviteFirstAdmin(parts, createUsers(parts), wish),
    close: () => store.close(),
  };
}
