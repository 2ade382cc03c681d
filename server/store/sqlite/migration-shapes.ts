/**
 * Two tables of sync had columns more in the first databases that had them, and no default for these: rows of today could not be written. Made anew, of what both
 * forms have.
 */
export const SHAPES = `
CREATE TABLE sync_blob_again (
  row INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, direction TEXT NOT NULL, purpose TEXT NOT NULL, root TEXT NOT NULL, device TEXT NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, run_at INTEGER NOT NULL,
  CONSTRAINT sync_blob_once UNIQUE (sha256, direction, root)
) STRICT;
INSERT INTO sync_blob_again (row, sha256, direction, purpose, root, device, state, tries, run_at)
  SELECT row, sha256, direction, purpose, root, device, state, tries, run_at FROM sync_blob;
DROP TABLE sync_blob;
ALTER TABLE sync_blob_again RENAME TO sync_blob;
CREATE INDEX sync_blob_next ON sync_blob (direction, state, purpose, run_at);
CREATE TABLE device_former_again (device TEXT PRIMARY KEY NOT NULL, replaced_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO device_former_again (device, replaced_at) SELECT device, replaced_at FROM device_former;
DROP TABLE device_former;
ALTER TABLE device_former_again RENAME TO device_former;
`;
