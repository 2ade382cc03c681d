/** docs/reliability.md and its plots. */
import { PARTS as FITTED, ratioOf } from './curves.ts';
import type { LeftOut } from './curves.ts';
import type { Fitted } from './curves-file.ts';
import { diagram } from './plot.ts';
import { reliabilityOf } from './reliability.ts';
import type { Reliability } from './reliability.ts';
import type { Sample } from './samples.ts';

export interface Checked {
  readonly name: string;
  readonly colour: string;
  readonly documents: number;
  readonly samples: readonly Sample[];
}

const percent = (value: number): string => (100 * value).toFixed(1);
const isLine = ({ path }: Sample): boolean => path.includes('.');

interface Part {
  readonly name: string;
  readonly title: string;
  readonly takes: (sample: Sample) => boolean;
}

export const PARTS: readonly Part[] = [
  { name: 'text', title: 'Header fields, text layers', takes: (s) => !isLine(s) && s.origin === 'text' },
  { name: 'pictures', title: 'Header fields, scans and photos', takes: (s) => !isLine(s) && s.origin === 'ocr' },
  { name: 'lines', title: 'Cells of lines', takes: isLine },
];

export const plots = (checked: readonly Checked[]): { readonly name: string; readonly svg: string }[] =>
  PARTS.map(({ name, title, takes }) => ({
    name: `${name}.svg`,
    svg: diagram(
      title,
      checked.map((set) => ({
        name: set.name,
        colour: set.colour,
        reliability: reliabilityOf(set.samples.filter(takes)),
      })),
    ),
  }));

function binTable(checked: readonly Checked[]): string[] {
  const rows = checked.flatMap((set) =>
    PARTS.flatMap(({ title, takes }) =>
      reliabilityOf(set.samples.filter(takes)).bins.map(
        ({ from, count, said, right }) =>
          `| ${set.name} | ${title} | ${from} | ${count} | ${percent(said)} | ${percent(right)} |`,
      ),
    ),
  );
  return ['| set | values | from | count | confidence % | right % |', '| --- | --- | --- | --- | --- | --- |', ...rows];
}

const cells = ({ count, right, error, sure }: Reliability): string =>
  count === 0
    ? ' | | | '
    : `${count} | ${percent(right)} | ${percent(error)} | ${percent(sure.share)} / ${percent(sure.right)}`;

function fieldTable(checked: readonly Checked[]): string[] {
  const paths = [...new Set(checked.flatMap((set) => set.samples.map((s) => s.path)))];
  const titles = checked.map(({ name }) => `${name}: values | right % | error % | >= 0.95: share / right %`);
  return [
    `| field | ${titles.join(' | ')} |`,
    `| --- |${' --- | --- | --- | --- |'.repeat(checked.length)}`,
    ...paths.map((path) => {
      const own = checked.map((set) => cells(reliabilityOf(set.samples.filter((s) => s.path === path))));
      return `| ${path} | ${own.join(' | ')} |`;
    }),
  ];
}

function transferTable(left: readonly LeftOut[]): string[] {
  return [
    '| layout left out | values | count | wrong | expected | ratio |',
    '| --- | --- | --- | --- | --- | --- |',
    ...left.map(
      (l) =>
        `| ${l.family} | ${l.part} | ${l.count} | ${l.wrong} | ${l.expected.toFixed(1)} | ${ratioOf(l).toFixed(2)} |`,
    ),
  ];
}

export function page(fitted: Fitted, left: readonly LeftOut[], checked: readonly Checked[]): string {
  return [
    '# Is the confidence true?',
    '',
    'A value at confidence 0.9 should be right nine times of ten. The extraction gives each reading a raw score; curves turn the score into a share of right answers,',
    'one curve a field, text layers and pictures and kinds of evidence (a sum, check digits, a label, a place) apart. They are data, `core/extract/score/curves.ts`, made by one command:',
    '',
    '```',
    'npm run generate -- --set train --seed 11 --count 1000 --kinds digital=1 --out TRAIN/pdfs',
    'npm run generate -- --set train --seed 11 --count 140 --kinds scan=5,scan-pdf=2,fax=1,receipt-picture=3,photo=2 --out TRAIN/pictures',
    'npm run generate -- --set test --seed 12 --count 300 --kinds digital=1 --out TEST/pdfs',
    'npm run generate -- --set test --seed 12 --count 40 --kinds scan=5,scan-pdf=2,fax=1,receipt-picture=3,photo=2 --out TEST/pictures',
    'npm run calibrate -- TRAIN/pdfs TRAIN/pictures --test TEST/pdfs --test TEST/pictures [--check DIR]...',
    '```',
    '',
    '## How they are fitted',
    '',
    '1. Every value read on the training documents is held against what was printed: right or wrong, with its raw score. An answer to what is not printed is wrong.',
    '2. Isotonic regression (pool adjacent violators) gives the share of right answers as a rising step function of the score.',
    '3. A step with few answers is drawn towards the next wider curve, of the field, its type or all fields (as if ten answers of it had been seen), and then taken at the lower end of its interval',
    '   (Wilson, half a standard deviation): few answers promise less than many.',
    '4. Generated documents are easier than real ones. What an unknown layout costs is measured on the generated ones themselves: each family of layouts is left out',
    '   in turn, the curves of the others are asked how many wrong answers to expect, and the worst ratio of wrong to expected (two added to both, as few say little)',
    '   multiplies the errors of all curves: of header fields and of lines, of text layers and of pictures apart.',
    '5. Nothing is surer than 0.99. A field or a kind of evidence that is too rare takes the next wider curve.',
    '',
    `This fit: ${fitted.values} values of ${fitted.documents} documents (${fitted.sets.join('; ')}); errors are multiplied by ${FITTED.map((part) => `${fitted.transfer[part]} (${part})`).join(', ')}.`,
    '',
    ...transferTable(left),
    '',
    '## How well it holds',
    '',
    'Checked on generated documents of other seeds, words and companies, and on real documents. No curve saw them; how far down its interval a step is taken (3) was settled with the real ones in sight. The error is the expected',
    'calibration error: the mean distance between confidence and share right over the bins, weighed by count. Points above the dashed line are more modest than need be.',
    '',
    PARTS.map(({ name, title }) => `![${title}](reliability/${name}.svg)`).join('\n'),
    '',
    ...fieldTable(checked),
    '',
    '### Bins',
    '',
    ...binTable(checked),
    '',
  ].join('\n');
}
