/** The few questions that connecting asks of a site, by the contracts that the site serves from. Everything else goes by `SiteLink`. */
import type { z } from 'zod';
import { accessApi, type Device, type DeviceStanding, type Me, type SiteInfo } from '../../core/contract/access.ts';
import { Problem } from '../../core/contract/http.ts';
import type { Endpoint } from '../endpoint.ts';
import type { SiteFetch } from './site-fetch.ts';
import { SiteLinkError } from './site-link.ts';

const MOST_BYTES = 256 * 1024;
const HEAD_MS = 20_000;

/** A refusal in the site's own words. */
export class SiteRefusal extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(status: number, problem: Problem | undefined) {
    super(problem?.detail ?? `The site answered with status ${status}.`);
    this.name = 'SiteRefusal';
    this.status = status;
    this.details = problem?.details ?? {};
    const { reason } = this.details;
    this.reason = typeof reason === 'string' ? reason : '';
  }
}

export async function problemOf(response: Response): Promise<Problem | undefined> {
  const text = await response.text();
  try {
    return Problem.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // a proxy's own page
  }
}

export interface SiteCalls {
  info(): Promise<SiteInfo>;
  me(token: string): Promise<Me>;
  enrol(token: string, wish: object): Promise<Device>;
  signOut(token: string): Promise<void>;
  standing(question: { site: string; device: string; proof: string }): Promise<DeviceStanding>;
}

export function createSiteCalls(address: string, fetch: SiteFetch, signal?: AbortSignal): SiteCalls {
  const ask = async (endpoint: Endpoint, token?: string, body?: object): Promise<Response> => {
    const response = await fetch(`${address}${endpoint.path}`, {
      method: endpoint.method,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      headMs: HEAD_MS,
      mostBytes: MOST_BYTES,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    throw new SiteRefusal(response.status, await problemOf(response));
  };
  const read = async <T>(response: Response, schema: z.ZodType<T>): Promise<T> => {
    const text = await response.text();
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw new SiteLinkError('bad-answer', `${address} answers something that is not of this product.`, {
        cause: error,
      });
    }
  };
  return {
    info: async () => read(await ask(accessApi.siteInfo), accessApi.siteInfo.reply),
    me: async (token) => read(await ask(accessApi.me, token), accessApi.me.reply),
    enrol: async (token, wish) => read(await ask(accessApi.enrolDevice, token, wish), accessApi.enrolDevice.reply),
    async signOut(token) {
      await (await ask(accessApi.signOut, token, {})).text();
    },
    standing: async (question) =>
      read(await ask(accessApi.deviceStanding, undefined, question), accessApi.deviceStanding.reply),
  };
}
