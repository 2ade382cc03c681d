/**
 * Operations that are not here any more, or never were: old ones of closed invoices, whose texts the site keeps. Their effect stays: heads, counts, projections.
 *
 * [Note: What is gone] `gone_chain`: up to this number operations of a device may be missing, and that one has this hash. `gone_root`: of how many operations of an invoice the
 * texts are not here; `wanted` where something new came to it, so that all of it has to be looked at. `gone_head`: what stood in a cell before an operation that is here
 * replaced it, in case that one is refused. `gone_refused`: those of them that the site had refused. `site_durable`: operations up to here are in a verified backup of the site.
 */
export const GONE = `
CREATE TABLE gone_chain (
  device TEXT PRIMARY KEY NOT NULL, dev_seq INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE gone_root (
  root TEXT PRIMARY KEY NOT NULL, ops INTEGER NOT NULL, wanted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX gone_root_wanted ON gone_root (root) WHERE wanted = 1;
CREATE TABLE gone_head (
  root TEXT NOT NULL, entity TEXT NOT NULL, field TEXT NOT NULL, op_id TEXT NOT NULL, value TEXT, PRIMARY KEY (root, entity, field, op_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE gone_refused (op_id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE site_durable (site TEXT PRIMARY KEY NOT NULL, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
