/** Running heads and feet: what every page repeats at its edge belongs to no table that runs over the pages. */
import type { Context } from '../candidates/context.ts';
import type { Line, Page } from '../layout/model.ts';
import { hasCents } from '../values/amount.ts';

const PAGE_NUMBER =
  /^[-–—\s]*(seite|page|pagina|página|pág\.?|blad|blatt|sheet|p\.)?\s*:?\s*\d{1,4}\s*((von|of|de|di|van|sur|da|\/)\s*\d{1,4})?[-–—\s]*$/i;
/** Share of the page's height that head and foot take. */
const EDGE = 0.1;
const SAME_HEIGHT = 8;

const isAtEdge = (page: Page, line: Line): boolean =>
  line.y1 < page.height * EDGE || line.y0 > page.height * (1 - EDGE);
const wording = (line: Line): string => line.text.replace(/\d+/g, '').trim();

export function runningLines(context: Context): Set<number> {
  const { pages } = context.layout;
  const edges = pages.map((page) => page.lines.filter((line) => isAtEdge(page, line)));
  const repeated = (line: Line, own: number): boolean =>
    edges.some(
      (lines, i) =>
        i !== own && lines.some((l) => Math.abs(l.y0 - line.y0) < SAME_HEIGHT && wording(l) === wording(line)),
    );
  const hasMoney = (line: Line): boolean => (context.numbersOfLine.get(line.index) ?? []).some((n) => hasCents(n));
  return new Set(
    edges.flatMap((lines, i) =>
      lines
        .filter((line) => !hasMoney(line) && (PAGE_NUMBER.test(line.text) || repeated(line, i)))
        .map((line) => line.index),
    ),
  );
}
