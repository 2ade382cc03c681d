/**
 * Each change of a job writes to every index whose condition its row fulfils, so a job has few of them: by id, by the work it is, and one for each question
 * about what waits, is dead or has ended. What runs is never much. Turns are counted where they are taken, in Redis.
 */
export const LIGHT_JOBS = `
ALTER TABLE job DROP CONSTRAINT job_pkey;
ALTER TABLE job ADD PRIMARY KEY (id, site);
DROP INDEX job_id;
DROP INDEX job_root;
DROP INDEX job_open;
DROP INDEX job_lease;
DROP INDEX job_front;
DROP INDEX job_line;
`;
