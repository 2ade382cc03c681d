/**
 * What oidc-provider keeps, on the access store. Ids are tokens or as good as tokens, so only their digests are kept, and payloads sealed: a copy of the
 * database contains no token. The names of models are those of oidc-provider.
 */
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { parseSubject, type Parts } from '../parts.ts';
import { serviceClient } from './clients.ts';
import { plainDigest } from '../secrets.ts';
import type { RecordKey } from '../store/access-store.ts';

/** Told when somebody uses a refresh token or code a second time. */
export type Reused = (payload: AdapterPayload) => void;

export function createAdapter({ store, secrets, now, sites }: Parts, reused: Reused): (model: string) => Adapter {
  /** The only clients that are not configured: services, by their accounts. A disabled one is none. */
  async function service(id: string): Promise<AdapterPayload | undefined> {
    const at = parseSubject(id);
    const account = at === undefined || !sites.includes(at.site) ? undefined : await store.account(at.site, at.account);
    if (account?.state !== 'active' || account.publicKey === null) return undefined;
    return serviceClient(id, account.name, account.publicKey);
  }

  return (model) => {
    async function find(key: RecordKey, place?: string): Promise<AdapterPayload | undefined> {
      const found = await store.record(model, key, now());
      if (found === undefined) return undefined;
      const text = secrets.open('record', model, found.payload);
      if (text === undefined) return undefined;
      const payload = JSON.parse(text) as AdapterPayload;
      // A row put under the id of another is no answer.
      if (place !== undefined && payload.jti !== undefined && payload.jti !== place) return undefined;
      return found.consumedAt === null ? payload : { ...payload, consumed: Math.floor(found.consumedAt / 1_000) };
    }
    return {
      async upsert(id, payload, expiresIn) {
        await store.putRecord({
          model,
          id: plainDigest(id),
          grant:
            payload.grantId === undefined ? (model === 'Grant' ? plainDigest(id) : null) : plainDigest(payload.grantId),
          userCode: payload.userCode === undefined ? null : plainDigest(payload.userCode),
          uid: payload.uid === undefined ? null : plainDigest(payload.uid),
          payload: secrets.seal('record', model, JSON.stringify(payload)),
          expiresAt: expiresIn === undefined || Number.isNaN(expiresIn) ? null : now() + expiresIn * 1_000,
        });
      },
      find: (id) => (model === 'Client' ? service(id) : find({ id: plainDigest(id) }, id)),
      findByUserCode: (userCode) => find({ userCode: plainDigest(userCode) }),
      findByUid: (uid) => find({ uid: plainDigest(uid) }),
      async consume(id) {
        if (await store.consumeRecord(model, plainDigest(id), now())) return;
        // Two at the same moment: the provider saw both unused. One of them is not the owner, so the whole sign-in ends.
        const payload = await find({ id: plainDigest(id) });
        if (payload?.grantId !== undefined) await store.dropGrant(plainDigest(payload.grantId));
        if (payload !== undefined) reused(payload);
        throw new errors.InvalidGrant('used already');
      },
      destroy: (id) => store.dropRecord(model, plainDigest(id)),
      revokeByGrantId: (grantId) => store.dropGrant(plainDigest(grantId)),
    };
  };
}
