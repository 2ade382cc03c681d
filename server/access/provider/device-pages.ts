/** The pages of the device code flow (RFC 8628), drawn by us in place of the provider's, which bring a script and fonts from elsewhere. */
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { text } from '../../../core/text/text.ts';
import { languageOf, pageHeaders } from '../pages/layout.ts';
import { deviceCodePage, deviceConfirmPage, notePage } from '../pages/sign-in-pages.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

export const languageIn = (ctx: KoaContextWithOIDC) => languageOf(ctx.get('accept-language'));

export function answer(ctx: KoaContextWithOIDC, page: string): void {
  ctx.set(pageHeaders());
  ctx.body = page;
}

/** Kept in the provider's session, so that a form of another site cannot send it. */
const xsrfOf = (ctx: KoaContextWithOIDC): string => {
  const { state } = ctx.oidc.session as unknown as { state?: { secret?: string } };
  return state?.secret ?? '';
};

const actionOf = (ctx: KoaContextWithOIDC): string => new URL(ctx.oidc.urlFor('code_verification')).pathname;

/** `nameOf`: of the person that a subject means. */
export function deviceFlow(nameOf: (subject: string) => Promise<string | undefined>): DeviceFlow {
  return {
    enabled: true,
    mask: '****-****',
    charset: 'base-20',
    // What stands on the station's screen is typed or compared by hand: the link that carries the code fills it in and sends nothing.
    userCodeInputSource(ctx, _form, out, err) {
      const language = languageIn(ctx);
      if (err?.name === 'AbortedError') {
        answer(ctx, notePage(language, 'device.aborted.title', 'device.aborted.say'));
        return;
      }
      const alert = out === undefined && err === undefined ? undefined : text(language, 'device.wrong');
      const given = ctx.query['code'] ?? (err as { userCode?: string } | undefined)?.userCode;
      answer(
        ctx,
        deviceCodePage(language, {
          action: actionOf(ctx),
          xsrf: xsrfOf(ctx),
          code: typeof given === 'string' ? given : '',
          alert,
        }),
      );
    },
    async userCodeConfirmSource(ctx, _form, _client, _deviceInfo, userCode) {
      const subject = ctx.oidc.session?.accountId;
      const name = subject === undefined ? undefined : await nameOf(subject);
      answer(
        ctx,
        deviceConfirmPage(languageIn(ctx), { action: actionOf(ctx), xsrf: xsrfOf(ctx), code: userCode, name }),
      );
    },
    successSource(ctx) {
      answer(ctx, notePage(languageIn(ctx), 'device.done.title', 'device.done.say'));
    },
  };
}
