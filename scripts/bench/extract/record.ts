/** Figures worth keeping: the rows of the table in a line each, the figures, the machine and the commit. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { accepted, allFieldsShare, atConfidence, lineF1 } from '../score/score.ts';
import type { Row } from '../score/score.ts';

export function rowLine(name: string, row: Row): string {
  const { known, right } = row.core;
  const fields = Object.values(row.fields).reduce((n, field) => n + field.known, 0);
  const sure = atConfidence(row, 0.95);
  const unseen = accepted(row);
  return [
    `${name}: ${row.documents.length} documents, ${fields} fields, ${allFieldsShare(row).toFixed(1)} % right`,
    `five core right: ${right}/${known}`,
    `line items F1 ${row.lines.documents > 0 ? lineF1(row).toFixed(3) : '-'}`,
    `at confidence 0.95: ${sure.share.toFixed(1)} %, right ${sure.right.toFixed(1)} %`,
    `accepted: ${unseen.count}, wrong ${unseen.wrong}`,
  ].join('; ');
}

const git = (args: readonly string[]): string => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim();

function commit(): string {
  return `${git(['rev-parse', '--short', 'HEAD'])}${git(['status', '--porcelain', '-uno']) === '' ? '' : ' with changes'}`;
}

export function machineLine(): string {
  const [cpu] = cpus();
  return `commit ${commit()}; ${(cpu?.model ?? 'unknown processor').trim()}, ${cpus().length} cores, Node ${process.versions.node}`;
}

export interface Kept {
  readonly command: string;
  readonly rows: ReadonlyMap<string, Row>;
  readonly figures: readonly string[];
  readonly more: readonly string[];
}

export function keep(file: string, { command, rows, figures, more }: Kept): void {
  const table = [...rows].map(([name, row]) => rowLine(name, row));
  writeFileSync(
    file,
    `${[command, machineLine(), '', ...table, '', ...figures, ...(more.length > 0 ? ['', ...more] : [])].join('\n')}\n`,
  );
}
