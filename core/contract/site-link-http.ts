/** The site of a station: connected or not, and the way there. A station's own server alone has these endpoints. */
import { z } from 'zod';

const none = z.object({});
const bare = { params: none, query: none, body: null } as const;

/** Why nothing more goes to the site until a person does something. */
export const LINK_TROUBLES = ['signed-out', 'revoked', 'copied', 'locked'] as const;

/** How keys and sign-in are kept: sealed by the system's key store of this name, or (null) in a file that only this user may read. */
const Keys = z.object({ keyStore: z.string().nullable(), path: z.string() });

export const SiteLinkView = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('alone'),
    /** Not in the demo: its invoices are nobody's. */
    mayConnect: z.boolean(),
    /** The site that it was connected to, and that its database belongs to. */
    address: z.string().nullable(),
    /** A name for this station, where nobody gives another. */
    suggestedName: z.string(),
    keys: Keys,
  }),
  z.object({
    state: z.literal('connected'),
    site: z.string(),
    address: z.string(),
    deviceId: z.string(),
    deviceName: z.string(),
    user: z.object({ id: z.string(), name: z.string(), login: z.string() }),
    enrolledAt: z.string(),
    trouble: z
      .object({
        kind: z.enum(LINK_TROUBLES),
        since: z.string(),
        /** Of a removal, where the site told. */
        at: z.string().nullable(),
        by: z.string().nullable(),
      })
      .nullable(),
    keys: Keys,
  }),
]);
export type SiteLinkView = z.infer<typeof SiteLinkView>;

/** Each has its words and its way out in the UI. */
export const ENROLMENT_FAILURES = [
  'address',
  'plain-http',
  'unknown-host',
  'unreachable',
  'untrusted',
  'not-a-site',
  'other-name',
  'station-too-old',
  'site-too-old',
  'no-station-sign-in',
  'denied',
  'expired',
  'refused',
  'not-allowed',
  'device-limit',
  'device-of-another',
  'other-site',
  'not-kept',
  'bug',
] as const;

export const Enrolment = z.object({
  id: z.uuid(),
  way: z.enum(['browser', 'code']),
  /** Origin of the site, once what was typed could be read. */
  address: z.string(),
  /** `looking` for the site, `signing-in` by a person, `connecting` the device. */
  step: z.enum(['looking', 'signing-in', 'connecting', 'done', 'failed']),
  /** What to open in a browser: the sign-in, or the page where the code is typed. */
  open: z.string().nullable(),
  userCode: z.string().nullable(),
  /** When the person must be through. */
  until: z.string().nullable(),
  failure: z
    .object({
      code: z.enum(ENROLMENT_FAILURES),
      /** In the words of whoever refused. */
      detail: z.string(),
      /** Names and numbers for the sentence. */
      facts: z.record(z.string(), z.string()),
    })
    .nullable(),
});
export type Enrolment = z.infer<typeof Enrolment>;

export const EnrolmentWish = z.object({
  address: z.string().trim().min(1).max(300),
  way: z.enum(['browser', 'code']),
  deviceName: z.string().trim().min(1).max(200).optional(),
});
export type EnrolmentWish = z.infer<typeof EnrolmentWish>;

const PATH = '/api/v1/site-link';

export const siteLinkApi = {
  getSiteLink: { method: 'GET' as const, path: PATH, ...bare, reply: SiteLinkView },
  /** Begins; one that runs is given up. Also signs in again where the sign-in has ended. */
  startEnrolment: {
    method: 'POST' as const,
    path: `${PATH}/enrolment`,
    params: none,
    query: none,
    body: EnrolmentWish,
    reply: Enrolment,
  },
  getEnrolment: {
    method: 'GET' as const,
    path: `${PATH}/enrolment`,
    ...bare,
    reply: z.object({ enrolment: Enrolment.nullable() }),
  },
  cancelEnrolment: {
    method: 'DELETE' as const,
    path: `${PATH}/enrolment`,
    ...bare,
    reply: z.object({ enrolment: z.null() }),
  },
  /** Signs out. Invoices, documents and what was not sent yet stay; the same person can connect again and goes on where it ended. */
  disconnectSite: {
    method: 'DELETE' as const,
    path: PATH,
    ...bare,
    /** `told`: whether the site could be told. */
    reply: z.object({ told: z.boolean() }),
  },
} as const;
export type SiteLinkApi = typeof siteLinkApi;
