/** Who there is at a site (DOMAIN.md, Workflow). `service`: a program that brings documents in or takes results out, never a person. */
export const ROLES = ['reviewer', 'approver', 'admin', 'auditor', 'service'] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (text: unknown): text is Role => (ROLES as readonly unknown[]).includes(text);

/** Whoever may move money or change who may needs a second factor. */
const SECOND_FACTOR: readonly Role[] = ['approver', 'admin'];
export const needsSecondFactor = (role: Role): boolean => SECOND_FACTOR.includes(role);
