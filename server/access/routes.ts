/** Endpoints of people, devices and security events. The guard has decided by role; what concerns one's own account is decided here. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ACTIONS } from '../../core/access/actions.ts';
import { can, grants } from '../../core/access/can.ts';
import { accessApi, type Device, LINK_VERSION, type Me, type SiteInfo } from '../../core/contract/access.ts';
import { AppError } from '../../core/contract/errors.ts';
import { tagged, userTag } from '../conditions.ts';
import { serve } from '../endpoint.ts';
import { VERSION } from '../version.ts';
import type { BrowserSessions } from './browser-session.ts';
import type { Devices } from './devices.ts';
import { principalOf } from './guard.ts';
import { event, type Parts, type Principal } from './parts.ts';
import { eventPage } from './event-page.ts';
import type { Users } from './users.ts';

export interface AccessServices {
  readonly parts: Parts;
  readonly users: Users;
  readonly devices: Devices;
  readonly sessions: BrowserSessions;
  /** How stations sign in; null where they cannot. */
  readonly stationSignIn: SiteInfo['signIn'];
  /** By which a site proves what it gives to its stations. */
  readonly siteKeys: (site: string) => readonly string[];
}

/** Nobody changes the own account by this; the rest was decided by the guard. */
function forOther(request: FastifyRequest, id: string): Principal {
  const principal = principalOf(request);
  const decision = can(principal.role, 'user.change', { ownSite: true, own: id === principal.account });
  if (decision.kind === 'refused')
    throw new AppError('forbidden', 'Nobody changes the own account. Ask another admin of the site.', {
      why: decision.why,
    });
  return principal;
}

function meOf(principal: Principal, login: string): Me {
  const { account, site, name, role, limits, device } = principal;
  return {
    account,
    site,
    name,
    login,
    role,
    limits: [...limits],
    device,
    actions: ACTIONS.filter((action) => grants(role, action)),
  };
}

function installUsers(app: FastifyInstance, { users }: AccessServices): void {
  serve(app, accessApi.listUsers, async ({ request }) => ({ items: await users.list(principalOf(request).site) }));
  serve(app, accessApi.getUser, async ({ request, reply, params }) =>
    tagged(reply, userTag, await users.get(principalOf(request).site, params.id)),
  );
  serve(app, accessApi.inviteUser, async ({ request, body }) => {
    const { site, actor } = principalOf(request);
    return users.invite(site, actor, body);
  });
  serve(app, accessApi.addService, ({ request, body }) => {
    const { site, actor } = principalOf(request);
    return users.addService(site, actor, body);
  });
  serve(app, accessApi.changeUser, async ({ request, reply, params, body, match }) => {
    const { site, actor } = forOther(request, params.id);
    return tagged(reply, userTag, await users.change(site, actor, params.id, body, match));
  });
  serve(app, accessApi.disableUser, async ({ request, reply, params, match }) => {
    const { site, actor } = forOther(request, params.id);
    return tagged(reply, userTag, await users.disable(site, actor, params.id, match));
  });
  serve(app, accessApi.enableUser, async ({ request, reply, params, match }) => {
    const { site, actor } = forOther(request, params.id);
    return tagged(reply, userTag, await users.enable(site, actor, params.id, match));
  });
  serve(app, accessApi.resetSecondFactor, async ({ request, reply, params, match }) => {
    const { site, actor } = forOther(request, params.id);
    return tagged(reply, userTag, await users.resetSecondFactor(site, actor, params.id, match));
  });
  serve(app, accessApi.inviteAgain, async ({ request, params }) => {
    const { site, actor } = forOther(request, params.id);
    return users.inviteAgain(site, actor, params.id);
  });
}

function installDevices(app: FastifyInstance, { devices }: AccessServices): void {
  const list = async (site: string, account?: string): Promise<{ items: Device[] }> => ({
    items: await devices.list(site, account),
  });
  serve(app, accessApi.listDevices, ({ request }) => list(principalOf(request).site));
  serve(app, accessApi.listOwnDevices, ({ request }) => list(principalOf(request).site, principalOf(request).account));
  serve(app, accessApi.enrolDevice, ({ request, body }) => {
    const principal = principalOf(request);
    // A page in a browser has no key of its own and no sign-in to end with the device.
    if (principal.grant === null)
      throw new AppError('not_allowed', 'A device is enrolled by the station itself, with its own sign-in.');
    return devices.enrol(principal, body);
  });
  serve(app, accessApi.renameDevice, ({ request, params, body }) =>
    devices.rename(principalOf(request), params.id, body.name),
  );
  serve(app, accessApi.revokeOwnDevice, ({ request, params }) => devices.revoke(principalOf(request), params.id, true));
  serve(app, accessApi.deviceStanding, ({ body }) => devices.standing(body));
  serve(app, accessApi.revokeDevice, ({ request, params }) => devices.revoke(principalOf(request), params.id, false));
}

export function installAccessRoutes(app: FastifyInstance, services: AccessServices): void {
  const { parts, sessions, users, stationSignIn: signIn, siteKeys } = services;
  const link = { oldest: LINK_VERSION, newest: LINK_VERSION };
  serve(app, accessApi.siteInfo, () => ({ product: 'ap-intake' as const, version: VERSION, link, signIn }));
  serve(app, accessApi.me, async ({ request }) => {
    const principal = principalOf(request);
    const account = await parts.store.account(principal.site, principal.account);
    return { ...meOf(principal, account?.login ?? ''), siteKeys: [...siteKeys(principal.site)] };
  });
  serve(app, accessApi.signOut, async ({ request, reply }) => {
    const { site, actor, grant, via } = principalOf(request);
    await sessions.end(request, reply);
    if (grant !== null) await parts.store.dropGrant(grant);
    await parts.store.commit(site, { events: [event(parts, 'sign-out', actor, { via })] });
    return { signedOut: true };
  });
  installUsers(app, services);
  installDevices(app, services);
  serve(app, accessApi.listNames, async ({ request }) => ({ items: await users.names(principalOf(request).site) }));
  serve(app, accessApi.listSecurityEvents, ({ request, query }) =>
    eventPage(parts.store, principalOf(request).site, query),
  );
}
