/**
 * Sites take turns: a job's place among those that are as urgent, and indexes that begin with the site. The two by an instant say that there is one: otherwise they would
 * do for any question about waiting or running jobs, and be read whole, with all that ended lately, where two or three estimates are alike.
 */
export const TURNS = `
ALTER TABLE job ADD COLUMN turn integer NOT NULL DEFAULT 0;
DROP INDEX job_next;
DROP INDEX job_fresh;
DROP INDEX job_handed;
DROP INDEX job_lease;
CREATE INDEX job_next ON job (site, priority, created_at, id, name, run_at) WHERE state = 'waiting';
CREATE INDEX job_fresh ON job (site, priority, created_at, id, name) WHERE state = 'waiting' AND handed_at IS NULL;
CREATE INDEX job_handed ON job (handed_at) WHERE state = 'waiting' AND handed_at IS NOT NULL;
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running' AND lease_until IS NOT NULL;
CREATE INDEX job_front ON job (name, priority, turn) WHERE state = 'waiting' AND handed_at IS NOT NULL;
CREATE INDEX job_line ON job (site, name, priority, turn) WHERE state = 'waiting' AND handed_at IS NOT NULL;
`;
