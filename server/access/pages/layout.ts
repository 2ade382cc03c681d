/** The frame of every page that the server draws itself: no script, no inline style, nothing from elsewhere; readable without its style sheet. */
import type { Language } from '../../../core/text/text.ts';
import { html, type Html } from './html.ts';

export const STYLE_PATH = '/sign-in/style.css';

export const STYLE = `:root{color-scheme:light dark;--ink:#1b2733;--soft:#56646f;--paper:#fff;--ground:#eef1f4;--line:#8794a0;--act:#0b5cad;--on:#fff;--bad:#a3161c;--badbg:#fdecec}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#aab6c1;--paper:#1d252d;--ground:#12181e;--line:#71808d;--act:#6fb1f2;--on:#0c1620;--bad:#ffb0b0;--badbg:#4a1c1f}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:min(26rem,calc(100vw - 2rem));margin:2rem 0;padding:2rem;background:var(--paper);border-radius:.75rem;box-shadow:0 1px 3px rgb(0 0 0/.2)}
.product{margin:0 0 1.25rem;color:var(--soft);font-size:.9rem}
h1{margin:0 0 .75rem;font-size:1.4rem;line-height:1.25}
p{margin:0 0 1rem}
label{display:block;margin:0 0 .25rem;font-weight:600}
input:not([type=hidden]){width:100%;margin:0 0 1rem;padding:.6rem .7rem;border:1px solid var(--line);border-radius:.4rem;background:var(--paper);color:var(--ink);font:inherit}
input[readonly]{background:var(--ground);color:var(--soft)}
.code{letter-spacing:.2em;font-variant-numeric:tabular-nums}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid var(--act);outline-offset:2px}
button{width:100%;padding:.65rem 1rem;border:1px solid var(--act);border-radius:.4rem;background:var(--act);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
button.second{margin-top:.75rem;background:transparent;color:var(--act)}
.alert{padding:.7rem .8rem;border-left:4px solid var(--bad);background:var(--badbg);color:var(--bad)}
.soft{margin:1rem 0 0;color:var(--soft);font-size:.9rem}
.picture{display:block;width:14rem;max-width:100%;margin:0 auto 1rem;padding:.75rem;background:#fff;border-radius:.4rem}
.key{padding:.6rem .7rem;background:var(--ground);border-radius:.4rem;font:1.05rem/1.6 ui-monospace,monospace;overflow-wrap:anywhere;user-select:all}
ol.codes{display:grid;grid-template-columns:1fr 1fr;gap:0 1rem;justify-items:center;list-style:none;margin:0 0 1.25rem;padding:.75rem;background:var(--ground);border-radius:.4rem;font:1rem/1.8 ui-monospace,monospace}
.big{font:1.9rem/1.4 ui-monospace,monospace;text-align:center;letter-spacing:.1em}
@media print{body{background:#fff}main{box-shadow:none}button,form{display:none}}
`;

/**
 * `formTo`: browsers check where a form leads to along its redirects too, so the address that the sign-in ends at is named; nothing else is.
 */
export function pageCsp(formTo: readonly string[] = []): string {
  const to = ["'self'", ...formTo].join(' ');
  return `default-src 'none'; style-src 'self'; img-src data:; form-action ${to}; frame-ancestors 'none'; base-uri 'none'`;
}

/** Headers of a page; the referrer stays, without its path nothing leaves, because a form without one says `Origin: null`. */
export const pageHeaders = (formTo?: readonly string[]): Readonly<Record<string, string>> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': pageCsp(formTo),
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly alert?: string | undefined;
}

export function drawPage(language: Language, { title, body, alert }: Page): string {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · AP Intake Station</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <main>
          <p class="product">AP Intake Station</p>
          <h1>${title}</h1>
          ${alert !== undefined && html`<p class="alert" role="alert">${alert}</p>`} ${body}
        </main>
      </body>
    </html> `;
  return page.html;
}

/** The first language of the list that there is; English otherwise. */
export function languageOf(wanted: string | undefined): Language {
  for (const part of (wanted ?? '').toLowerCase().split(/[\s,]+/)) {
    const language = part.split(/[-;]/)[0];
    if (language === 'de' || language === 'en') return language;
  }
  return 'en';
}
