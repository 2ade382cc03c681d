/** Stored with every verdict. `engine.test.ts` holds the versions it stands for. */
export const RULES_VERSION = '6';
