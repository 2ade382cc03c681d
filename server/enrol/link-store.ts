/** What is kept of the site in the station's own database: one row. Secrets are elsewhere (secrets.ts). */
import { z } from 'zod';
import type { LinkRows } from '../store/sqlite/create.ts';

const Trouble = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signed-out'), since: z.string() }),
  z.object({ kind: z.literal('revoked'), since: z.string(), at: z.string().nullable(), by: z.string().nullable() }),
  z.object({ kind: z.literal('copied'), since: z.string() }),
  z.object({ kind: z.literal('locked'), since: z.string() }),
]);

const KeptLink = z.object({
  site: z.string(),
  address: z.string(),
  /** As the site told when somebody signed in last. */
  signIn: z.object({ issuer: z.string(), clientId: z.string(), scope: z.string(), audience: z.string().nullable() }),
  user: z.object({ id: z.string(), name: z.string(), login: z.string() }),
  device: z.string(),
  deviceName: z.string(),
  /** By which the site signs, as it told when somebody signed in last. */
  siteKeys: z.array(z.string()).readonly().default([]),
  enrolledAt: z.string(),
  /** A person disconnected it; the database still belongs to that site. */
  disconnectedAt: z.string().nullable().default(null),
  trouble: Trouble.nullable().default(null),
});
export type KeptLink = Readonly<z.infer<typeof KeptLink>>;

export interface LinkStore {
  current(): KeptLink | undefined;
  /** With the incarnation of this start. */
  save(link: KeptLink, incarnation: string): Promise<void>;
  incarnation(): string | undefined;
  renewDevice(): Promise<string>;
}

export async function openLinkStore(rows: LinkRows): Promise<LinkStore> {
  const row = await rows.read();
  let link = row === undefined ? undefined : KeptLink.parse(JSON.parse(row.body));
  let mark = row?.incarnation;
  return {
    current: () => link,
    incarnation: () => mark,
    async save(next, incarnation) {
      await rows.save({ body: JSON.stringify(next), incarnation });
      link = next;
      mark = incarnation;
    },
    renewDevice: () => rows.renewDevice(),
  };
}
