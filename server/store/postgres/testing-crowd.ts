/** What a busy site leaves behind beside its invoices, in the tables that grow: jobs that are done, answers to requests, deliveries, security events, sign-ins. */
import { migrateAccess } from '../../access/store/postgres.ts';
import { asSuper, type TestDatabase } from '../testing-roles.ts';
import { type Delivery, deliveryRow } from '../webhook-store.ts';

export const CROWD = { webhook: 'w1', each: 20_000 } as const;

const AT = '2026-01-01T00:00:00.000Z';
const DELIVERY: Delivery = {
  id: 'ID',
  job: 'j',
  subscription: CROWD.webhook,
  event: { id: 'e', type: 'invoice.received', timestamp: AT, data: { invoice: 'i' } },
  state: 'delivered',
  attempts: 1,
  status: 200,
  error: null,
  ms: 20,
  createdAt: AT,
  updatedAt: AT,
};

/** `each`: rows in each of the tables. */
export async function crowd(database: TestDatabase, site: string, each: number = CROWD.each): Promise<void> {
  await migrateAccess(database.ownerUrl);
  const { body } = deliveryRow(DELIVERY);
  await asSuper(database, async (client) => {
    const many = (text: string, ...values: unknown[]) => client.query(text, [site, each, ...values]);
    await many(`INSERT INTO job SELECT $1, 'd' || n, 'read', 'r' || n, '{}', 10, 'done', 1, 0, 1, '', NULL, NULL, NULL, now(), now(), now(), NULL
      FROM generate_series(1, $2::int) AS n`);
    await many(
      `INSERT INTO idempotency SELECT $1, 'k' || n, 'h', '{}', now() - n * interval '1 second' FROM generate_series(1, $2::int) AS n`,
    );
    await many(
      `INSERT INTO webhook_delivery SELECT $1, 'd' || n, $3, CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'delivered' END, now() - n * interval '1 second',
        replace($4, '"ID"', '"d' || n || '"') FROM generate_series(1, $2::int) AS n`,
      CROWD.webhook,
      body,
    );
    await many(`INSERT INTO audit_event SELECT $1, n, '{}', md5(n::text) FROM generate_series(1, $2::int) AS n`);
    await client.query(
      `INSERT INTO access_record (model, id, grant_id, payload, expires_ms)
        SELECT 'BrowserSession', 'r' || n, 'g' || n, '', 9999999999999 FROM generate_series(1, $1::int) AS n`,
      [each],
    );
    await client.query('VACUUM ANALYZE');
  });
}
