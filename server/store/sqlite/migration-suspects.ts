/** Invoices get the number of others that they may be the same as: rows of before have it with their next verdict. Decisions that the site has not numbered are found. */
export const SUSPECTS = `
ALTER TABLE invoices ADD COLUMN suspects INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invoices_suspects ON invoices (created_at, row) WHERE suspects > 0;
CREATE INDEX op_log_undecided ON op_log (epoch, root) WHERE kind IN ('transition', 'duplicate.merge');
`;
