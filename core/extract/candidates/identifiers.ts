/** Tax ids, IBANs, BIC and mail address: whose they are and how sure. */
import type { Label } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Rect, Token } from '../layout/model.ts';
import { bounds, overlapX, textOf } from '../layout/model.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import { idAt } from '../values/id.ts';
import type { Context } from './context.ts';
import { isDivided, pageOf } from './context.ts';
import { fold } from '../layout/text.ts';
import { partyHeadings, sectionOf } from './sections.ts';
import { placesOf } from './places.ts';

export interface TaxIds {
  readonly vendor: Scored[];
  readonly buyer: Scored[];
}

/** The nearest label before some words: on their line, or right above. */
function labelBefore(context: Context, tokens: readonly Token[], kinds: readonly LabelKind[]): Label | undefined {
  const first = tokens[0] as Token;
  return context.labels.find(
    (label) =>
      kinds.some((k) => label.kinds.has(k)) &&
      placesOf(context, label).some((p) => p.tokens.slice(0, 3).some((t) => t.index === first.index)),
  );
}

const isNear = (context: Context, rect: Rect, page: number, name: readonly Token[] | undefined): boolean => {
  const first = name?.[0];
  if (!first || first.page !== page) return false;
  const box = bounds(name);
  if (isDivided(context, page, box.y1, rect.y0)) return false;
  return rect.y0 > box.y0 - 1 && rect.y0 - box.y1 < 110 && (overlapX(rect, box) > 0 || Math.abs(rect.x0 - box.x0) < 40);
};

/** Beside a tax label a number that begins with zeros is no telephone's ("GST Reg No 002609659140"). */
const NO_PHONE = /^\d{9,15}$/;
/** The number of an issuer of qualified invoices in Japan. */
const ISSUER = /^T\d{13}$/;

export function findTaxIds(
  context: Context,
  vendorName: readonly Token[] | undefined,
  buyerName: readonly Token[] | undefined,
): TaxIds {
  const headings = partyHeadings(context);
  const vendor: Scored[] = [];
  const buyer: Scored[] = [];
  const place = (value: string, tokens: readonly Token[], score: number, reasons: string[], forBuyer: boolean) => {
    const rect = bounds(tokens);
    const page = (tokens[0] as Token).page;
    const section = sectionOf(context, headings, rect, page);
    const nearBuyer = isNear(context, rect, page, buyerName) && !isNear(context, rect, page, vendorName);
    const isBuyer = forBuyer || section === 'buyer' || section === 'deliverTo' || (section === undefined && nearBuyer);
    const y = rect.y0 / pageOf(context, page).height;
    const edge = y < 0.2 || y > 0.8 ? 0.04 : 0;
    const own = isNear(context, rect, page, vendorName) || section === 'vendor' ? 0.05 : 0;
    (isBuyer ? buyer : vendor).push({
      value,
      text: textOf(tokens),
      tokens,
      score: clamp(score + edge + own, 0, 0.97),
      reasons: [...reasons, ...(section ? [`section:${section}`] : [])],
    });
  };
  for (const match of context.vatIds) {
    const own = labelBefore(context, match.tokens, ['vatId', 'taxNumber']);
    const foreign = labelBefore(context, match.tokens, ['buyerVatId']);
    const other = labelBefore(context, match.tokens, ['otherNumber', 'iban', 'bic']);
    if (!own && !foreign && (other || match.valid === false)) continue;
    const reasons = [
      ...((own ?? foreign) ? [`label:${(own ?? foreign)?.text ?? ''}`] : []),
      ...(match.valid ? ['checksum'] : []),
    ];
    place(
      match.value,
      match.tokens,
      ((own ?? foreign) ? 0.82 : 0.6) + (match.valid ? 0.09 : match.valid === false ? -0.1 : 0),
      reasons,
      foreign !== undefined,
    );
  }
  for (const token of context.layout.tokens)
    if (ISSUER.test(token.text)) place(token.text, [token], 0.75, ['form:issuer'], false);
  for (const label of context.labels) {
    const kind = (['buyerVatId', 'vatId', 'taxNumber'] as const).find((k) => label.kinds.has(k));
    if (!kind) continue;
    for (const spot of placesOf(context, label).slice(0, 2)) {
      const id = idAt(spot.tokens);
      if (
        !id ||
        id.value.replace(/\D/g, '').length < 6 ||
        id.tokens.some(
          (t) => context.vatIds.some((v) => v.tokens.includes(t)) || context.ibans.some((v) => v.tokens.includes(t)),
        )
      )
        continue;
      if (/\d[.,]\d{2}$/.test(id.value) || context.dates.some((d) => d.tokens.some((t) => id.tokens.includes(t))))
        continue;
      place(
        id.value,
        id.tokens,
        (kind === 'taxNumber' ? 0.62 : 0.72) * spot.closeness * (NO_PHONE.test(id.value) ? 1 : id.shape),
        [`label:${label.text}`],
        kind === 'buyerVatId',
      );
      break;
    }
  }
  return { vendor, buyer };
}

/** The account that a direct debit is taken from is the payer's. */
const DEBITED =
  /ihrem konto|ihr konto|eingezogen|abgebucht|your account|debited|votre compte|preleve|su cuenta|cargo en|vostro conto|addebit|uw rekening|afgeschreven|geincasseerd|sua conta|debitad/;

export function findIbanCandidates(context: Context, buyerName: readonly Token[] | undefined): Scored[] {
  return context.ibans.flatMap((match, i): Scored[] => {
    const label = labelBefore(context, match.tokens, ['iban', 'account']);
    if (!match.valid && !label) return [];
    const line = fold(context.layout.lines[match.line]?.text ?? '');
    const debited = DEBITED.test(line);
    const nearBuyer = isNear(context, bounds(match.tokens), match.page, buyerName);
    const score =
      (match.valid ? 0.9 : 0.5) +
      (label ? 0.06 : 0) -
      Math.min(i, 5) * 0.015 -
      (nearBuyer ? 0.3 : 0) -
      (debited ? 0.4 : 0);
    return [
      {
        value: match.value,
        text: match.text,
        tokens: match.tokens,
        score: clamp(score),
        reasons: [...(label ? [`label:${label.text}`] : []), ...(match.valid ? ['checksum'] : [])],
      },
    ];
  });
}

const BIC = /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

export function findBics(context: Context): Scored[] {
  return context.labels
    .filter((label) => label.kinds.has('bic'))
    .flatMap((label) =>
      placesOf(context, label)
        .slice(0, 2)
        .flatMap((place) => {
          const token = place.tokens[0] as Token;
          const value = token.text.replace(/[^A-Za-z0-9]/g, '');
          return BIC.test(value)
            ? [
                {
                  value,
                  text: token.text,
                  tokens: [token],
                  score: 0.9 * place.closeness,
                  reasons: [`label:${label.text}`],
                },
              ]
            : [];
        }),
    );
}

const EMAIL = /[\p{L}\d._%+-]+@[\p{L}\d-]+(\.[\p{L}\d-]+)*\.\p{L}{2,}/u;

export function findEmails(context: Context, buyerName: readonly Token[] | undefined): Scored[] {
  const headings = partyHeadings(context);
  return context.layout.tokens.flatMap((token): Scored[] => {
    const match = EMAIL.exec(token.text);
    if (!match) return [];
    const section = sectionOf(context, headings, token, token.page);
    const foreign = section === 'buyer' || section === 'deliverTo' || isNear(context, token, token.page, buyerName);
    return foreign
      ? []
      : [
          {
            value: match[0].toLowerCase(),
            text: match[0],
            tokens: [token],
            score: 0.75 - (token.page - 1) * 0.1,
            reasons: ['form:email'],
          },
        ];
  });
}
