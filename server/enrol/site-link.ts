/**
 * What a station has of its site once a person has connected it (docs/access.md): who and where it is, requests in the name of that person and device, and
 * signatures by the device's key. Enrolment makes it (enrolment.ts); sync and whatever else speaks to the site use this and know nothing of sign-in.
 */

/** Why nothing more goes to the site, until a person does something about it. Local work goes on all the same. */
export type SiteTrouble =
  /** The sign-in has ended (signed out, password changed, not used for 90 days): a person signs in again; device and queue stay. */
  | { readonly kind: 'signed-out'; readonly since: string }
  /** An admin, or the owner from another place, removed this device; where the site told, when and by whom. */
  | { readonly kind: 'revoked'; readonly since: string; readonly at: string | null; readonly by: string | null }
  /** The database was copied or brought back from an older copy, or its keys are gone: the old device must not go on writing. */
  | { readonly kind: 'copied'; readonly since: string }
  /** The system's key store does not open the keys (the window was started without it): the next start may. */
  | { readonly kind: 'locked'; readonly since: string };

export type SiteLinkState =
  | { readonly enrolled: false }
  | {
      readonly enrolled: true;
      /** Name of the site, as it stands in `/api/v1/sites/:site/...`. */
      readonly site: string;
      /** Origin, without a slash at its end. */
      readonly address: string;
      readonly deviceId: string;
      readonly deviceName: string;
      /** By which the site signs, as they were when this station was connected. */
      readonly siteKeys: readonly string[];
      readonly user: { readonly id: string; readonly name: string; readonly login: string };
      readonly enrolledAt: string;
      readonly trouble: SiteTrouble | null;
    };

export type SiteLinkErrorKind =
  | 'not-enrolled'
  | SiteTrouble['kind']
  /** No answer: no network, no such host, refused, broken off, too late. Worth another try; nothing was learnt of the request. */
  | 'unreachable'
  /** The server showed a certificate that this machine does not trust. */
  | 'untrusted'
  /** An answer that the rules do not take: a redirect, too much, no HTTP. */
  | 'bad-answer';

/** The only errors of a `SiteLink` besides an `AbortError` of the caller's own signal. */
export class SiteLinkError extends Error {
  readonly kind: SiteLinkErrorKind;
  constructor(kind: SiteLinkErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SiteLinkError';
    this.kind = kind;
  }
}

export interface SiteRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function makes a new stream for each try: a request is sent again once where the token had just ended. */
  readonly body?: string | Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly signal?: AbortSignal;
  /** Until the head of the answer is there: 30 s; more for a long poll. */
  readonly headMs?: number;
  /** Between two parts of the answer's body: 30 s. */
  readonly idleMs?: number;
  /** Of the answer's body, as it comes over the wire: 64 MiB. */
  readonly mostBytes?: number;
}

export interface SiteLink {
  state(): SiteLinkState;
  /** Hears of every other state. Returns how to stop hearing. */
  onChange(listen: (state: SiteLinkState) => void): () => void;
  /**
   * A request to the site by its path (`/api/v1/...`), with a fresh access token. The answer comes as it is, whatever its status, its body as a stream, not
   * inflated - but a 401 is looked at: an ended token is renewed and the request sent once more; a revoked device and an ended sign-in become the `trouble`
   * of the state and a `SiteLinkError`. No redirects, over kept connections.
   */
  authorisedFetch(path: string, request?: SiteRequest): Promise<Response>;
  /** A request to an address that the site gave (a presigned one of its object store), by the same rules and without the token. */
  presignedFetch(url: string, request?: SiteRequest): Promise<Response>;
  /** The site has another history of this device: the database goes on as another one, in the trouble `copied` until a person connects that. */
  forked(): Promise<void>;
  /** Ed25519 by the device's key, 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
