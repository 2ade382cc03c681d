/** Of a station: how the people of its site are called, and what it has taken along. */
export const TOGETHER = `
CREATE TABLE person (actor TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE parcel (id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
