/** Readings by their bytes, as a reading is written: its keys in order, so that its bytes come first. Of the hash as much as tells them apart. */
export const NAMED = `
CREATE INDEX op_value_reading ON op_value (substr(value, 10, 16)) WHERE substr(value, 1, 9) = '{"blob":"';
`;
