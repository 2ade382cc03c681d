/** The page behind an invitation's link: a password is chosen, for the first time or anew. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Language, text } from '../../../core/text/text.ts';
import type { SignIn } from '../sign-in.ts';
import { form, send } from './forms.ts';
import { languageOf } from './layout.ts';
import { invitationPage, notePage, weakText } from './sign-in-pages.ts';

const JoinForm = z.object({ password: z.string().max(1_000), again: z.string().max(1_000) });

const gone = (language: Language, reply: FastifyReply) =>
  send(reply, notePage(language, 'signin.invitation.gone.title', 'signin.invitation.gone.say'), [], 404);
const placeOf = (request: FastifyRequest) => {
  const { site, token } = request.params as { site: string; token: string };
  return {
    site,
    token,
    action: `/sign-in/invitation/${encodeURIComponent(site)}/${encodeURIComponent(token)}`,
    language: languageOf(request.headers['accept-language']),
  };
};

export function installInvitation(scope: FastifyInstance, signIn: SignIn): void {
  const config = { open: true };
  scope.get('/invitation/:site/:token', { config }, async (request, reply) => {
    const { site, token, action, language } = placeOf(request);
    const account = await signIn.invited(site, token);
    if (account === undefined) return gone(language, reply);
    return send(reply, invitationPage(language, { action, name: account.name, login: account.login }));
  });
  scope.post('/invitation/:site/:token', { config }, async (request, reply) => {
    const { site, token, action, language } = placeOf(request);
    const { password, again } = form(JoinForm, request);
    const account = await signIn.invited(site, token);
    if (account === undefined) return gone(language, reply);
    const show = (alert: string) =>
      send(reply, invitationPage(language, { action, name: account.name, login: account.login, alert }), [], 422);
    if (password !== again) return show(text(language, 'signin.invitation.differ'));
    const answer = await signIn.join(site, token, password);
    if (answer.kind === 'weak') return show(weakText(language, answer.why));
    if (answer.kind === 'gone') return gone(language, reply);
    return send(reply, notePage(language, 'signin.invitation.done.title', 'signin.invitation.done.say'));
  });
}
