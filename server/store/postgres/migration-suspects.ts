/** Invoices get the number of others that they may be the same as. Rows of before have it with their next verdict. */
export const SUSPECTS = `
ALTER TABLE invoices ADD COLUMN suspects integer NOT NULL DEFAULT 0;
CREATE INDEX invoices_suspects ON invoices (site, created_at, row) WHERE suspects > 0;
`;
