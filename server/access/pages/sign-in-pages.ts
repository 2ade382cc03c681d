/** What a person sees while signing in: one function a page, text in, HTML out. */
import { LONGEST_PASSWORD, SHORTEST_PASSWORD, type Weakness } from '../../../core/access/password-policy.ts';
import { type Language, text, type TextKey, type TextParams } from '../../../core/text/text.ts';
import { html, type Html } from './html.ts';
import { drawPage } from './layout.ts';

type Say = (key: TextKey, params?: TextParams) => string;
const speaker =
  (language: Language): Say =>
  (key, params) =>
    text(language, key, params);

const cancel = (say: Say, action: string): Html =>
  html`<form method="post" action="${action}/cancel"><button class="second">${say('signin.cancel')}</button></form>`;

export interface PasswordPage {
  readonly action: string;
  readonly client: string;
  readonly login: string;
  /** Empty where there is only one site. */
  readonly sites: boolean;
  readonly site: string;
  readonly alert?: string | undefined;
}

export function passwordPage(language: Language, { action, client, login, sites, site, alert }: PasswordPage): string {
  const say = speaker(language);
  const known = login !== '';
  return drawPage(language, {
    title: say('signin.to', { client }),
    alert,
    body: html`<form method="post" action="${action}/password">
        ${sites && html`<label for="site">${say('signin.site')}</label><input id="site" name="site" value="${site}" autocomplete="organization" required maxlength="64" />`}
        <label for="login">${say('signin.login')}</label>
        <input
          id="login"
          name="login"
          value="${login}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          maxlength="200"
          ${!known && html` autofocus`}
        />
        <label for="password">${say('signin.password')}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxlength="1000"
          ${known && html` autofocus`}
        />
        <button>${say('signin.submit')}</button>
      </form>
      ${cancel(say, action)}
      <p class="soft">${say('signin.forgotten')}</p>`,
  });
}

const codeField = (say: Say): Html =>
  html`<label for="code">${say('signin.code.label')}</label>
    <input
      id="code"
      name="code"
      class="code"
      autocomplete="one-time-code"
      autocapitalize="none"
      spellcheck="false"
      required
      maxlength="20"
      autofocus
    />
    <button>${say('signin.code.submit')}</button>`;

export function codePage(
  language: Language,
  { action, alert }: { action: string; alert?: string | undefined },
): string {
  const say = speaker(language);
  return drawPage(language, {
    title: say('signin.code.title'),
    alert,
    body: html`<p>${say('signin.code.say')}</p>
      <form method="post" action="${action}/code">${codeField(say)}</form>
      ${cancel(say, action)}`,
  });
}

export interface SetUpPage {
  readonly action: string;
  readonly secret: string;
  /** A picture as data URL, where it could be drawn. */
  readonly picture: string | undefined;
  readonly alert?: string | undefined;
}

export function setUpPage(language: Language, { action, secret, picture, alert }: SetUpPage): string {
  const say = speaker(language);
  const groups = secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
  return drawPage(language, {
    title: say('signin.setup.title'),
    alert,
    body: html`<p>${say('signin.setup.say')}</p>
      ${picture !== undefined && html`<img class="picture" src="${picture}" alt="${say('signin.setup.picture')}" />`}
      <p><strong>${say('signin.setup.key')}</strong></p>
      <p class="key">${groups}</p>
      <form method="post" action="${action}/set-up">${codeField(say)}</form>
      ${cancel(say, action)}`,
  });
}

export function codesPage(language: Language, { action, codes }: { action: string; codes: readonly string[] }): string {
  const say = speaker(language);
  return drawPage(language, {
    title: say('signin.codes.title'),
    body: html`<p>${say('signin.codes.say')}</p>
      <ol class="codes">
        ${codes.map((code) => html`<li>${code}</li>`)}
      </ol>
      <form method="post" action="${action}/finish"><button autofocus>${say('signin.codes.submit')}</button></form>`,
  });
}

/** Between the codes and the end, where the page was opened again. */
export function finishPage(language: Language, { action }: { action: string }): string {
  const say = speaker(language);
  return drawPage(language, {
    title: say('signin.title'),
    body: html`<form method="post" action="${action}/finish">
      <button autofocus>${say('signin.code.submit')}</button>
    </form>`,
  });
}

export function continuePage(
  language: Language,
  { action, client, name }: { action: string; client: string; name: string },
): string {
  const say = speaker(language);
  return drawPage(language, {
    title: say('signin.continue.title', { name }),
    body: html`<p>${say('signin.continue.say', { client, name })}</p>
      <form method="post" action="${action}/continue">
        <button autofocus>${say('signin.continue.submit', { name })}</button>
      </form>
      <form method="post" action="${action}/other">
        <button class="second">${say('signin.continue.other')}</button>
      </form>
      ${cancel(say, action)}`,
  });
}

export interface InvitationPage {
  readonly action: string;
  readonly name: string;
  readonly login: string;
  readonly alert?: string | undefined;
}

export function invitationPage(language: Language, { action, name, login, alert }: InvitationPage): string {
  const say = speaker(language);
  return drawPage(language, {
    title: say('signin.invitation.title', { name }),
    alert,
    body: html`<p>${say('signin.invitation.say', { login })}</p>
      <form method="post" action="${action}">
        <label for="username">${say('signin.login')}</label>
        <input id="username" name="username" value="${login}" autocomplete="username" readonly />
        <label for="password">${say('signin.invitation.password', { least: SHORTEST_PASSWORD })}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          required
          maxlength="1000"
          autofocus
        />
        <label for="again">${say('signin.invitation.again')}</label>
        <input id="again" name="again" type="password" autocomplete="new-password" required maxlength="1000" />
        <button>${say('signin.invitation.submit')}</button>
      </form>`,
  });
}

export const weakText = (language: Language, why: Weakness): string =>
  text(language, `signin.weak.${why}`, { least: SHORTEST_PASSWORD, most: LONGEST_PASSWORD });

/** A page that only says something. */
export const notePage = (language: Language, title: TextKey, say: TextKey, params: TextParams = {}): string =>
  drawPage(language, { title: text(language, title, params), body: html`<p>${text(language, say, params)}</p>` });

export interface DevicePage {
  readonly action: string;
  readonly xsrf: string;
  readonly code: string;
  readonly alert?: string | undefined;
}

export function deviceCodePage(language: Language, { action, xsrf, code, alert }: DevicePage): string {
  const say = speaker(language);
  return drawPage(language, {
    title: say('device.title'),
    alert,
    body: html`<p>${say('device.say')}</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <label for="code">${say('device.code')}</label>
        <input
          id="code"
          name="user_code"
          class="code"
          value="${code}"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          maxlength="30"
          autofocus
        />
        <button>${say('device.submit')}</button>
      </form>`,
  });
}

/** `name`: who is signed in at this browser; undefined where that comes next. */
export function deviceConfirmPage(
  language: Language,
  { action, xsrf, code, name }: DevicePage & { readonly name: string | undefined },
): string {
  const say = speaker(language);
  const hidden = html`<input type="hidden" name="xsrf" value="${xsrf}" /><input
      type="hidden"
      name="user_code"
      value="${code}"
    />`;
  return drawPage(language, {
    title: say('device.confirm.title'),
    body: html`<p>${say('device.confirm.say')}</p>
      <p class="big">${code}</p>
      ${name !== undefined && html`<p>${say('device.confirm.as', { name })}</p>`}
      <form method="post" action="${action}">
        ${hidden}<button name="confirm" value="yes">${say('device.confirm.submit')}</button>
      </form>
      <form method="post" action="${action}">
        ${hidden}<button class="second" name="abort" value="yes">${say('device.confirm.abort')}</button>
      </form>`,
  });
}
