/** Endpoints of a station alone: a site has none of them. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import { siteLinkApi, type SiteLinkView } from '../../core/contract/site-link-http.ts';
import { serve } from '../endpoint.ts';
import type { StationSite } from './station-site.ts';

async function viewOf({ link, secrets, mayConnect, machine }: StationSite): Promise<SiteLinkView> {
  const keys = { keyStore: await secrets.keyStore(), path: secrets.path };
  const state = link.state();
  link.look();
  if (!state.enrolled)
    return {
      state: 'alone',
      mayConnect,
      address: link.kept()?.address ?? null,
      suggestedName: link.kept()?.deviceName ?? machine,
      keys,
    };
  const { enrolled: _enrolled, siteKeys: _siteKeys, trouble, ...rest } = state;
  return {
    state: 'connected',
    ...rest,
    trouble: trouble === null ? null : { at: null, by: null, ...trouble },
    keys,
  };
}

export function installSiteLink(app: FastifyInstance, service: StationSite): void {
  const { link, enrolments, mayConnect } = service;
  serve(app, siteLinkApi.getSiteLink, () => viewOf(service));
  serve(app, siteLinkApi.startEnrolment, ({ body }) => {
    if (!mayConnect)
      throw new AppError('not_allowed', 'The demo is connected to no site. Start with your own invoices first.', {
        reason: 'demo',
      });
    return enrolments.start(body);
  });
  serve(app, siteLinkApi.getEnrolment, () => ({ enrolment: enrolments.current() }));
  serve(app, siteLinkApi.cancelEnrolment, () => {
    enrolments.cancel();
    return { enrolment: null };
  });
  serve(app, siteLinkApi.disconnectSite, async () => {
    enrolments.cancel();
    return { told: await link.disconnect() };
  });
}
