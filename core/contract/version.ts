/** Rises with every change of a schema in this folder; `version.test.ts` hashes them all, so none changes silently. */
export const CONTRACT_VERSION = 6;
/** Version of the operation's body (`OpBody.schema`). */
export const OP_SCHEMA = 4;
