/** The shop on a till receipt: no address window, no letterhead; its name is what the roll begins with, or stands above its registration number. */
import type { Line, Token } from '../layout/model.ts';
import { height, textOf } from '../layout/model.ts';
import type { Scored } from '../score/scored.ts';
import {
  cleanName,
  hasLegalForm,
  hasRegistration,
  isAddressLine,
  isContactLine,
  mendLegalForm,
  nameShape,
} from '../values/name.ts';
import type { Context } from './context.ts';

/** Lines of a roll's head that can hold the name. */
const HEAD_LINES = 14;
/** Lines that a name with its legal form can take. */
const MOST_LINES = 4;

/** What tills say to customers: the line names nobody, at most the shop behind it. */
const COURTESY =
  /\b(thank|thanks|thx|tq|terima kasih|danke|merci|gracias|obrigad[oa]|grazie|bedankt|welcome|willkommen|bienvenue|please (come|visit|keep|retain)|come again|visit (us|again)|goods? sold|not (re(turnable|fundable)|exchangeable)|no refund|follow us|like us|have a nice|customer.?s? copy|tax invoice|official receipt|duplicate|reprint)/i;

const meanConfidence = (tokens: readonly Token[]): number =>
  tokens.reduce((sum, t) => sum + t.confidence * t.text.length, 0) / tokens.reduce((n, t) => n + t.text.length, 0.001);

interface HeadLine {
  readonly line: Line;
  readonly tokens: readonly Token[];
  readonly name: string;
  readonly shape: number;
  /** A legal form or a registration number says that this is a company. */
  readonly company: boolean;
  readonly mended: boolean;
}

/** Words of a line that can belong to a name: dirt at the paper's edge stands alone and far off. */
function nameTokens(line: Line): readonly Token[] {
  const words = line.tokens.filter((t) => /[\p{L}\d]/u.test(t.text));
  return words.filter((t) => t.text.length > 1 || t.confidence >= 0.7 || /[&\p{Lu}]/u.test(t.text));
}

/** A name-like line: few labels in it, words read well enough, no street, no telephone. */
function headLine(context: Context, line: Line): HeadLine | undefined {
  const tokens = nameTokens(line);
  const plain = cleanName(textOf(tokens));
  const name = mendLegalForm(plain);
  const letters = name.match(/\p{L}/gu)?.length ?? 0;
  const labels = context.labelsOfLine.get(line.index) ?? [];
  const legal = hasLegalForm(name);
  const company = legal || (name !== textOf(tokens) && hasRegistration(textOf(tokens)));
  if (letters < 4 || (labels[0]?.closed && !legal) || isContactLine(name) || COURTESY.test(name)) return undefined;
  if (!company && (isAddressLine(name) || line.tokens.some((t) => context.taken.has(t.index)))) return undefined;
  if (!legal && labels.some((l) => l.segment.tokens[0] === l.tokens[0] && l.key.length > 4)) return undefined;
  const shape =
    (company ? Math.max(nameShape(name), 0.85) : nameShape(name)) * Math.min(1, meanConfidence(tokens) / 0.75);
  return { line, tokens, name, shape, company, mended: name !== plain };
}

export function tillNames(context: Context): Scored[] {
  const page = context.layout.pages[0];
  const lines = page?.lines.slice(0, HEAD_LINES) ?? [];
  const heads = lines.map((line) => headLine(context, line));
  const found: Scored[] = [];
  let rank = 0;
  for (const [i, head] of heads.entries()) {
    if (!head || head.shape < 0.3) continue;
    found.push({
      value: head.name,
      text: head.name,
      tokens: head.tokens,
      score: (head.company ? 0.82 : 0.62 - rank * 0.1) * head.shape,
      reasons: [head.company ? 'legal-form' : 'position:top', ...(head.mended ? ['mended'] : [])],
    });
    rank += 1;
    const joined = head.company ? undefined : overLines(head, lines.slice(i + 1), heads.slice(i + 1));
    if (joined) found.push(joined);
  }
  return [...found, ...thanked(context)];
}

const opened = (name: string): boolean => (name.match(/\(/g)?.length ?? 0) > (name.match(/\)/g)?.length ?? 0);
const alike = (a: Line, b: Line): boolean => height(a) / height(b) > 0.6 && height(a) / height(b) < 1.7;

/** A company's name in full on its line: what stands above it is a brand or a branch. */
const isWhole = (name: string): boolean => /^\p{L}+ \p{L}+.* \S+ \S+$/u.test(name) && !/^[^(]*\)/.test(name);

/**
 * "PASAR RAYA BINTANG" over "(KLANG) SDN BHD": the legal form closes a name printed over some lines; a bracket that is still open, or the
 * registration number below, says that a name goes on.
 */
function overLines(
  head: HeadLine,
  lines: readonly Line[],
  next: readonly (HeadLine | undefined)[],
): Scored | undefined {
  const parts = [head];
  for (const [i, part] of next.slice(0, MOST_LINES - 1).entries()) {
    const registered = hasRegistration(lines[i]?.text ?? '');
    if (!part || !alike(part.line, head.line)) return registered && parts.length > 1 ? together(parts, 0.7) : undefined;
    parts.push(part);
    if (part.company) return together(parts, isWhole(part.name) ? 0.78 : 0.86);
    const below = lines[i + 1];
    const wrapped = opened(head.name) && !opened(parts.map((p) => p.name).join(' '));
    if (wrapped && below && hasRegistration(below.text)) return together(parts, 0.8);
  }
  return undefined;
}

function together(parts: readonly HeadLine[], score: number): Scored {
  const plain = parts.map((p) => p.name).join(' ');
  const name = mendLegalForm(plain);
  const mended = name !== plain || parts.some((p) => p.mended);
  return {
    value: name,
    text: name,
    tokens: parts.flatMap((p) => p.tokens),
    score: score * Math.min(...parts.map((p) => Math.max(p.shape, 0.5))),
    reasons: ['legal-form', 'position:top', ...(mended ? ['mended'] : [])],
  };
}

/** "Thank you for shopping at Harbour Mart": the shop says its own name, behind the words or below them. */
const THANKED =
  /(?:thank(?:s| you)|tq|merci|danke|gracias|grazie|bedankt|obrigado).*?(?:shopping|visiting|visit|dining|business|coming|choosing|buying|visite|einkauf|besuch)(?: (?:at|with|to|in|bei|chez|en|a|von|us at))? ?(.*)$/i;

function thanked(context: Context): Scored[] {
  const lines = context.layout.pages[0]?.lines ?? [];
  return lines.flatMap((line, i): Scored[] => {
    const rest = THANKED.exec(line.text)?.[1];
    if (rest === undefined) return [];
    const words = cleanName(rest).split(' ').filter(Boolean);
    const own = /^(us|our|again|here|today)?$/i.test(words[0] ?? '') ? [] : line.tokens.slice(-words.length);
    const below = lines[i + 1];
    const tokens = own.length > 0 ? own : below && below.tokens.length <= 5 ? nameTokens(below) : [];
    const name = cleanName(textOf(tokens));
    const shape = nameShape(name);
    if (shape < 0.5 || isAddressLine(name) || COURTESY.test(name) || /\d/.test(name)) return [];
    return [{ value: name, text: name, tokens, score: 0.55 * shape, reasons: ['courtesy'] }];
  });
}
