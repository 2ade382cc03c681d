/** When a lesson was learned is what its author's clock said ([Note: The newest lesson] in lesson-op.ts). */
export const STAMPS = `
ALTER TABLE lesson ADD COLUMN stamp text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE lesson_use ADD COLUMN stamp text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE lesson NO FORCE ROW LEVEL SECURITY;
ALTER TABLE op_log NO FORCE ROW LEVEL SECURITY;
UPDATE lesson s SET stamp = o.hlc || ' ' || s.op_id, learned_at = to_timestamp(least(left(o.hlc, 15)::bigint, 253402300799999) / 1000.0)
FROM (SELECT site, op_id, body::json ->> 'hlc' AS hlc FROM op_log WHERE kind = 'lesson.learned') o
WHERE o.site = s.site AND o.op_id = s.op_id AND o.hlc ~ '^[0-9]{15}-';
ALTER TABLE lesson FORCE ROW LEVEL SECURITY;
ALTER TABLE op_log FORCE ROW LEVEL SECURITY;
`;
