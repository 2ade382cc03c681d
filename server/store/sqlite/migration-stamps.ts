/** When a lesson was learned is what its author's clock said ([Note: The newest lesson] in lesson-op.ts). */
const HLC = `(SELECT l.body ->> '$.hlc' FROM op_log l WHERE l.op_id = lesson.op_id)`;
const MS = `CAST(substr(${HLC}, 1, 15) AS INTEGER)`;

export const STAMPS = `
ALTER TABLE lesson ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
ALTER TABLE lesson_use ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
UPDATE lesson SET stamp = ${HLC} || ' ' || op_id,
  learned_at = strftime('%Y-%m-%dT%H:%M:%S', min(${MS}, 253402300799999) / 1000, 'unixepoch') || printf('.%03dZ', ${MS} % 1000) WHERE ${HLC} IS NOT NULL;
`;
