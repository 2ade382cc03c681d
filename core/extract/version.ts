/** Rises when the same pages would give other fields: readings of different versions can be told apart and compared. */
export const READER_VERSION = '4';
