/** Endpoints on what was learned of vendors. Part of `api` (http.ts). */
import { z } from 'zod';
import { Vendor, VendorSummary } from './vendors.ts';

const none = z.object({});
const byId = z.object({ id: z.uuid() });
const get = 'GET' as const;
const post = 'POST' as const;
/** Without `lesson`: every lesson of the vendor; without `field`: the whole lesson. Asked twice it changes nothing more. */
const Which = z.object({ lesson: z.uuid().optional(), field: z.string().max(40).optional() });
const change = {
  method: post,
  params: byId,
  query: none,
  body: Which,
  reply: Vendor,
  tagged: true,
  ifMatch: 'may',
} as const;

export const vendorsApi = {
  /** Vendors that something was learned of. */
  listVendors: {
    method: get,
    path: '/api/v1/vendors',
    params: none,
    query: none,
    body: null,
    reply: z.object({ items: z.array(VendorSummary) }),
  },
  getVendor: {
    method: get,
    path: '/api/v1/vendors/:id',
    params: byId,
    query: none,
    body: null,
    reply: Vendor,
    tagged: true,
  },
  forgetLessons: { ...change, path: '/api/v1/vendors/:id/forget' },
  restoreLessons: { ...change, path: '/api/v1/vendors/:id/restore' },
} as const;
