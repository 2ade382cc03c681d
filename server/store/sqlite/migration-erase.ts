/** What was erased, by which operation; bytes beside the database that go with it; and erasures found by their kind. */
export const ERASURE = `
CREATE TABLE erased (target TEXT PRIMARY KEY NOT NULL, op_id TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE erased_blob (sha256 TEXT PRIMARY KEY NOT NULL, op_id TEXT NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX op_log_erasures ON op_log (local_seq) WHERE kind IN ('erase.asked', 'erase.confirmed', 'erase.withdrawn');
CREATE INDEX op_log_lessons_refused ON op_log (local_seq) WHERE kind IN ('lesson.learned', 'lesson.applied') AND verdict <> 'accepted';
`;
