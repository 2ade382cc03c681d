/** For tests: a site that lost what a device wrote, as after a copy of before was brought back. */
import type pg from 'pg';

/** The log, and what the site knew of the device. */
export async function forgetDevice(client: pg.Client, device: string): Promise<void> {
  const ofIt = `site = 'main' AND device = '${device}'`;
  await client.query(`DELETE FROM op_value WHERE site = 'main' AND op_id IN (SELECT op_id FROM op_log WHERE ${ofIt})`);
  for (const table of ['op_log', 'sync_device', 'sync_role']) await client.query(`DELETE FROM ${table} WHERE ${ofIt}`);
}
