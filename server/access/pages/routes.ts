/** The pages of signing in, under /sign-in: forms without script, each answered by the next page or by a redirect back to the provider. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Login } from '../../../core/contract/access.ts';
import { AppError } from '../../../core/contract/errors.ts';
import { type Language, text } from '../../../core/text/text.ts';
import { readCookie, setCookie } from '../cookies.ts';
import { parseSubject, type Parts, subjectOf } from '../parts.ts';
import type { ProviderHolder } from '../provider/holder.ts';
import { OIDC_PATH } from '../provider/mount.ts';
import type { SignIn } from '../sign-in.ts';
import { totpUri } from '../totp.ts';
import { form, send } from './forms.ts';
import { installInvitation } from './invitation.ts';
import { languageOf, pageHeaders } from './layout.ts';
import { qrPicture } from './qr.ts';
import { codePage, codesPage, continuePage, finishPage, notePage, passwordPage, setUpPage } from './sign-in-pages.ts';
import { createSteps, type Step, type Steps } from './step.ts';

const KNOWN_COOKIE = 'ap_known';
const KNOWN_S = 180 * 24 * 3_600;
const FORM_LIMIT = 16 * 1024;

/** A name that cannot be one is as wrong as an unknown one. */
const PasswordForm = z.object({
  login: z.string().max(200),
  password: z.string().max(1_000),
  site: z.string().max(64).default(''),
});
const CodeForm = z.object({ code: z.string().max(40) });

export interface SignInPages {
  readonly parts: Parts;
  readonly signIn: SignIn;
  readonly holder: ProviderHolder;
}

type Details = Awaited<ReturnType<ReturnType<ProviderHolder['provider']>['interactionDetails']>>;

interface Visit {
  readonly uid: string;
  readonly action: string;
  readonly language: Language;
  readonly details: Details;
  readonly client: string;
  readonly formTo: readonly string[];
}

/** Where the sign-in ends: the form's redirects lead there. */
function originOf(uri: unknown): readonly string[] {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return [];
  return [new URL(uri).origin];
}

function createVisits({ holder }: SignInPages) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> => {
    const { uid } = request.params as { uid: string };
    const language = languageOf(request.headers['accept-language']);
    let details: Details | undefined;
    try {
      details = await holder.provider().interactionDetails(request.raw, reply.raw);
    } catch (error) {
      // Ended, or begun in another browser: told, not logged.
      if (!(error instanceof Error) || error.name !== 'SessionNotFound') throw error;
    }
    if (details === undefined || details.uid !== uid) {
      await send(reply, notePage(language, 'signin.gone.title', 'signin.gone.say'), [], 400);
      return undefined;
    }
    const { params } = details;
    const wanted = typeof params['ui_locales'] === 'string' ? params['ui_locales'] : request.headers['accept-language'];
    const client = await holder.provider().Client.find(String(params['client_id']));
    return {
      uid,
      action: `/sign-in/${uid}`,
      language: languageOf(wanted),
      details,
      client: client?.clientName ?? '',
      formTo: originOf(params['redirect_uri']),
    };
  };
}

type Handler = (visit: Visit, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const isDevice = ({ details }: Visit): boolean => details.returnTo.includes('/device/');

function createHandlers(pages: SignInPages, steps: Steps) {
  const { parts, signIn, holder } = pages;
  const [onlySite = ''] = parts.sites;
  const several = parts.sites.length > 1;
  const secure = parts.origin.startsWith('https:');

  const siteWanted = ({ details }: Visit): string => {
    const site = details.params['site'];
    return typeof site === 'string' && parts.sites.includes(site) ? site : '';
  };

  function showPassword(
    visit: Visit,
    reply: FastifyReply,
    typed: { login: string; site: string },
    alert?: string,
    status = 200,
  ) {
    const page = passwordPage(visit.language, {
      ...visit,
      ...typed,
      sites: several && siteWanted(visit) === '',
      alert,
    });
    return send(reply, page, visit.formTo, status);
  }

  async function showSetUp(visit: Visit, reply: FastifyReply, step: Step, alert?: string, status = 200) {
    const account = await parts.store.account(step.site, step.account);
    const secret = step.secret ?? '';
    const picture = await qrPicture(totpUri('AP Intake', account?.login ?? '', secret));
    return send(
      reply,
      setUpPage(visit.language, { action: visit.action, secret, picture, alert }),
      visit.formTo,
      status,
    );
  }

  /** Gives the provider its answer; it sends the browser on. */
  async function finish(visit: Visit, step: Step, request: FastifyRequest, reply: FastifyReply) {
    if (!(await steps.end(visit.uid)))
      return send(reply, notePage(visit.language, 'signin.gone.title', 'signin.gone.say'), [], 400);
    const subject = subjectOf(step.site, step.account);
    const before = visit.details.session?.accountId;
    if (before !== undefined && before !== subject) {
      // The provider keeps one person a browser. Where a request cannot be begun anew (a code that was compared), the person begins it.
      await forget(visit);
      return send(reply, notePage(visit.language, 'signin.gone.title', 'signin.gone.say'), [], 400);
    }
    await signIn.done(step.site, step.account, step.how, request.ip);
    const account = await parts.store.account(step.site, step.account);
    if (account !== undefined)
      setCookie(reply, KNOWN_COOKIE, signIn.tries.knownBrowser(step.site, account.login), {
        secure,
        sameSite: 'Lax',
        path: '/sign-in',
        maxAgeS: KNOWN_S,
      });
    const amr = step.how === 'password' ? ['pwd'] : ['pwd', 'otp', 'mfa'];
    return back(visit, { login: { accountId: subject, amr, remember: true } }, request, reply);
  }

  async function back(
    visit: Visit,
    result: Parameters<ReturnType<ProviderHolder['provider']>['interactionResult']>[2],
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const to = await holder
      .provider()
      .interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    return reply.headers(pageHeaders(visit.formTo)).redirect(to, 303);
  }

  async function forget({ details }: Pick<Visit, 'details'>): Promise<void> {
    const { cookie } = (details.session ?? {}) as { cookie?: string };
    await (await holder.provider().Session.find(cookie ?? ''))?.destroy();
  }

  /** The same request of the same program, in a browser that nobody is signed in at. */
  async function startAgain({ details }: Visit, reply: FastifyReply) {
    await forget({ details });
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(details.params)) if (typeof value === 'string') query.set(name, value);
    return reply.redirect(`${OIDC_PATH}/auth?${query.toString()}`, 303);
  }

  const show: Handler = async (visit, _request, reply) => {
    const step = await steps.read(visit.uid);
    if (step?.at === 'code') return send(reply, codePage(visit.language, { action: visit.action }), visit.formTo);
    if (step?.at === 'set-up') return showSetUp(visit, reply, step);
    if (step?.at === 'done') return send(reply, finishPage(visit.language, { action: visit.action }), visit.formTo);
    const { prompt, session } = visit.details;
    // Signed in, but not any more in a way that counts: begun anew without it, so that somebody else can sign in too.
    if (prompt.name === 'login' && session?.accountId !== undefined && !isDevice(visit))
      return startAgain(visit, reply);
    const at =
      prompt.name === 'consent' && session?.accountId !== undefined ? parseSubject(session.accountId) : undefined;
    const account = at === undefined ? undefined : await parts.store.account(at.site, at.account);
    if (account !== undefined)
      return send(
        reply,
        continuePage(visit.language, { action: visit.action, client: visit.client, name: account.name }),
        visit.formTo,
      );
    const hint = visit.details.params['login_hint'];
    return showPassword(visit, reply, {
      login: typeof hint === 'string' ? hint.slice(0, 200) : '',
      site: siteWanted(visit),
    });
  };

  const password: Handler = async (visit, request, reply) => {
    const typed = form(PasswordForm, request);
    const site = siteWanted(visit) || (several ? typed.site.trim() : onlySite);
    const login = Login.safeParse(typed.login);
    const who = { site, login: login.data ?? '', address: request.ip, known: readCookie(request, KNOWN_COOKIE) };
    const answer = await signIn.password(who, typed.password);
    if (answer.kind === 'wrong')
      return showPassword(visit, reply, { login: typed.login, site }, text(visit.language, 'signin.wrong'), 401);
    if (answer.kind === 'wait') {
      const seconds = Math.ceil(answer.ms / 1_000);
      void reply.header('retry-after', seconds);
      return showPassword(
        visit,
        reply,
        { login: typed.login, site },
        text(visit.language, 'signin.wait', { seconds }),
        429,
      );
    }
    const step: Step = {
      site,
      account: answer.account.id,
      at: answer.next,
      how: 'password',
      ...(answer.next === 'set-up' ? { secret: signIn.newSecret() } : {}),
    };
    await steps.write(visit.uid, step);
    return answer.next === 'done'
      ? finish(visit, step, request, reply)
      : reply.headers(pageHeaders(visit.formTo)).redirect(visit.action, 303);
  };

  const code: Handler = async (visit, request, reply) => {
    const step = await steps.read(visit.uid);
    if (step?.at !== 'code') return reply.redirect(visit.action, 303);
    const answer = await signIn.code(step.site, step.account, form(CodeForm, request).code, request.ip);
    const again = (alert: string, status: number) =>
      send(reply, codePage(visit.language, { action: visit.action, alert }), visit.formTo, status);
    if (answer.kind === 'wrong') return again(text(visit.language, 'signin.code.wrong'), 401);
    if (answer.kind === 'wait') {
      const seconds = Math.ceil(answer.ms / 1_000);
      void reply.header('retry-after', seconds);
      return again(text(visit.language, 'signin.wait', { seconds }), 429);
    }
    return finish(visit, { ...step, how: 'password and code' }, request, reply);
  };

  const setUp: Handler = async (visit, request, reply) => {
    const step = await steps.read(visit.uid);
    if (step?.at !== 'set-up' || step.secret === undefined) return reply.redirect(visit.action, 303);
    const answer = await signIn.setUp(step.site, step.account, step.secret, form(CodeForm, request).code);
    if (answer.kind === 'wrong') return showSetUp(visit, reply, step, text(visit.language, 'signin.code.wrong'), 401);
    const { secret: _secret, ...rest } = step;
    await steps.write(visit.uid, { ...rest, at: 'done', how: 'password and code' });
    return send(reply, codesPage(visit.language, { action: visit.action, codes: answer.codes }), visit.formTo);
  };

  const end: Handler = async (visit, request, reply) => {
    const step = await steps.read(visit.uid);
    return step?.at === 'done' ? finish(visit, step, request, reply) : reply.redirect(visit.action, 303);
  };

  /** The click between a browser that is signed in and a program that asks. */
  const goOn: Handler = async (visit, request, reply) =>
    visit.details.prompt.name === 'consent'
      ? back(visit, { consent: {} }, request, reply)
      : reply.redirect(visit.action, 303);

  /** Forgets who is signed in here and asks for a password. */
  const other: Handler = async (visit, _request, reply) =>
    visit.details.prompt.name === 'consent' ? startAgain(visit, reply) : reply.redirect(visit.action, 303);

  const cancel: Handler = async (visit, request, reply) => {
    await steps.drop(visit.uid);
    return back(
      visit,
      { error: 'access_denied', error_description: 'The person cancelled the sign-in.' },
      request,
      reply,
    );
  };

  return { show, password, code, 'set-up': setUp, finish: end, continue: goOn, other, cancel };
}

/** A form of our own pages, never one of another site: a browser that says where it comes from must say here. */
function refuseForeignForms(scope: FastifyInstance, origin: string): void {
  scope.addHook('onRequest', async (request) => {
    if (request.method !== 'POST') return;
    const { origin: from, 'sec-fetch-site': fetchSite } = request.headers;
    if ((from !== undefined && from !== origin) || (fetchSite !== undefined && fetchSite !== 'same-origin'))
      throw new AppError('forbidden', 'This form was sent from another site.');
  });
}

export async function installSignInPages(app: FastifyInstance, pages: SignInPages): Promise<void> {
  const steps = createSteps(pages.parts);
  const visit = createVisits(pages);
  const handlers = createHandlers(pages, steps);
  const run = (handler: Handler) => async (request: FastifyRequest, reply: FastifyReply) => {
    const known = await visit(request, reply);
    return known === undefined ? reply : handler(known, request, reply);
  };
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: FORM_LIMIT },
        (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
      );
      refuseForeignForms(scope, pages.parts.origin);
      const config = { open: true };
      installInvitation(scope, pages.signIn);
      const { show, ...posts } = handlers;
      scope.get('/:uid', { config }, run(show));
      for (const [name, handler] of Object.entries(posts)) scope.post(`/:uid/${name}`, { config }, run(handler));
    },
    { prefix: '/sign-in' },
  );
}
