/** How near an address is to this machine: what a site names may be in its own house, and never in a place that only this machine knows. */
import { BlockList, isIP } from 'node:net';
import { isPrivate } from '../access/outbound.ts';

export type Nearness = 'loopback' | 'link-local' | 'private' | 'public';

const listOf = (family: 'ipv4' | 'ipv6', ...nets: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, family);
  return list;
};
// Apart, as in outbound.ts.
const loopback4 = listOf('ipv4', ['127.0.0.0', 8], ['0.0.0.0', 8]);
const loopback6 = listOf('ipv6', ['::1', 128], ['::', 128]);
/** Where clouds tell a machine its secrets is one of them. */
const local4 = listOf('ipv4', ['169.254.0.0', 16]);
/** And addresses of version 4 in disguise, which may be anything. */
const local6 = listOf(
  'ipv6',
  ['fe80::', 10],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
);

export function nearnessOf(address: string): Nearness {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const [loopback, local] = family === 'ipv6' ? [loopback6, local6] : [loopback4, local4];
  if (loopback.check(address, family)) return 'loopback';
  if (local.check(address, family)) return 'link-local';
  return isPrivate(address) ? 'private' : 'public';
}

/** Whether a site by this address is on this machine. Of names only the one that can mean nothing else. */
export function isThisMachine(address: string): boolean {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || (isIP(host) !== 0 && nearnessOf(host) === 'loopback');
}

/** Whether a site that is as near as `site` may name an address that is as near as `named`. */
export function mayName(site: Nearness, named: Nearness): boolean {
  if (named === 'public') return true;
  if (named === 'link-local' || site === 'public') return false;
  return named === 'private' || site === 'loopback';
}
