/** What must hold once everything is well again. The expectation is made from what authors had before their eyes, not from what operations say. */
import { conflictsOf } from '../../core/sync/conflicts.ts';
import { verifyChain } from '../../core/sync/chain.ts';
import { readLog } from '../../core/invoice/log.ts';
import { stepOf } from '../../core/invoice/decided.ts';
import { erasedBy, tellsOf } from '../../core/sync/erase.ts';
import { entityKey, headValue, TOMBSTONE } from '../../core/sync/kinds.ts';
import { cellKey } from '../../core/sync/reducer.ts';
import { siteHash, NO_SITE_HASH } from '../../core/sync/site-chain.ts';
import { hashOf, type Hub } from './hub.ts';
import { asLogOp, type Replica, type Row, sha256 } from './replica.ts';
import { ROOTS, rowsOf } from './users.ts';
import type { World } from './world.ts';

export interface Problem {
  readonly kind: 'lost' | 'silent' | 'diverged';
  readonly what: string;
}

const problem = (kind: Problem['kind'], what: string): Problem => ({ kind, what });

export function problemsOf(world: World, held: ReadonlySet<string>, quiet: boolean): Problem[] {
  const { log } = world.hub;
  world.counters.numbered = log.length;
  world.counters.refused = log.filter((row) => row.verdict !== 'accepted').length;
  const stuck = quiet ? [] : [problem('diverged', 'the stations do not come to rest')];
  return [...stuck, ...lost(world, held), ...diverged(world), ...silent(world), ...remaining(world)];
}

/** What was told to be saved, what a desktop held and what the site had, is at the site, under its id or written again under another. */
function lost({ hub, stations, truth }: World, held: ReadonlySet<string>): Problem[] {
  const isThere = (id: string): boolean =>
    hub.replica.rows.has(id) || (truth.reissued.get(id) ?? []).some((again) => isThere(again));
  const wanted = new Set(held);
  for (const { alive, saved } of stations) if (alive) for (const id of saved) wanted.add(id);
  return [...wanted].filter((id) => !isThere(id)).map((id) => problem('lost', id));
}

/** Of what was erased nobody has anything; of all else the site has everything. */
function remaining({ hub, stations }: World): Problem[] {
  const gone = new Set(hub.log.flatMap((row) => (row.verdict === 'accepted' ? (erasedBy(row) ?? []) : [])));
  const replicas = [hub.replica, ...stations.filter(({ alive }) => alive).map(({ disk }) => disk.replica)];
  return replicas.flatMap((replica, at) =>
    [...replica.rows.values()]
      .filter((row) => row.content !== null && tellsOf(row).some((target) => gone.has(target)))
      .map((row) => problem('silent', `${at}: ${row.body.op_id} was erased and is there`)),
  );
}

function meaningOf({ registers }: Replica): string {
  const heads = [...registers.heads].filter(([, ids]) => ids.size > 0);
  return heads
    .map(([cell, ids]) => `${cell}: ${[...ids].toSorted().join(' ')}`)
    .toSorted()
    .join('\n');
}

function diverged({ hub, stations }: World): Problem[] {
  const problems = chainProblems(hub);
  const wanted = meaningOf(hub.replica);
  for (const { alive, disk, name } of stations) {
    if (!alive) continue;
    const { rows } = disk.replica;
    if (disk.place?.siteHash !== hashOf(hub)) problems.push(problem('diverged', `${name}: hash of the site`));
    if (rows.size !== hub.log.length) problems.push(problem('diverged', `${name}: ${rows.size} of ${hub.log.length}`));
    for (const row of hub.log) {
      const own = rows.get(row.body.op_id);
      if (own === undefined || own.hash !== row.hash || own.place?.seq !== row.place?.seq)
        problems.push(problem('diverged', `${name}: ${row.body.op_id}`));
      else if (own.verdict !== row.verdict) problems.push(problem('diverged', `${name}: verdict of ${row.body.op_id}`));
    }
    if (meaningOf(disk.replica) !== wanted) problems.push(problem('diverged', `${name}: heads`));
  }
  return problems;
}

/** Dense numbers, one chain a device and one over all. */
function chainProblems(hub: Hub): Problem[] {
  const problems: Problem[] = [];
  let hash = NO_SITE_HASH;
  for (const [at, row] of hub.log.entries()) {
    if (row.place?.seq !== at + 1) problems.push(problem('diverged', `number ${at + 1}`));
    hash = siteHash(sha256, hash, at + 1, row.hash, row.verdict);
    if (hash !== hub.hashes[at]) problems.push(problem('diverged', `hash of number ${at + 1}`));
  }
  const kept = hub.log.map(({ text, hash: own, content, erased }) => ({
    text,
    hash: own,
    content,
    erased: erased !== undefined,
  }));
  for (const { what } of verifyChain(kept, [], sha256)) problems.push(problem('diverged', what));
  return problems;
}

interface Register {
  readonly heads: Set<string>;
  readonly values: Set<string | null>;
}

/** Accepted edits of every cell that no accepted edit's author had before the eyes. */
function expectedHeads({ hub, truth }: World): Map<string, Register> {
  const cells = new Map<string, Row[]>();
  const seen = new Set<string>();
  for (const row of hub.log) {
    const { cell, heads } = truth.seen.get(row.body.op_id) ?? {};
    if (cell === undefined || row.verdict !== 'accepted') continue;
    cells.set(cell, [...(cells.get(cell) ?? []), row]);
    for (const id of heads ?? []) seen.add(id);
  }
  return new Map(
    [...cells].map(([cell, rows]) => {
      const left = rows.filter((row) => !seen.has(row.body.op_id));
      const values = left.map((row) => headValue(row.body.kind, row.content?.value ?? null));
      return [cell, { heads: new Set(left.map((row) => row.body.op_id)), values: new Set(values) }];
    }),
  );
}

function silent(world: World): Problem[] {
  const { hub, stations } = world;
  const expected = expectedHeads(world);
  const problems: Problem[] = [];
  const replicas = [hub.replica, ...stations.filter(({ alive }) => alive).map(({ disk }) => disk.replica)];
  for (const [at, replica] of replicas.entries()) {
    for (const [cell, { heads }] of expected) {
      const found = replica.registers.heads.get(cell) ?? new Set();
      for (const id of heads) if (!found.has(id)) problems.push(problem('silent', `${at}: ${id} is gone from ${cell}`));
      for (const id of found) if (!heads.has(id)) problems.push(problem('silent', `${at}: ${id} came back to ${cell}`));
    }
  }
  return [...problems, ...unlisted(world, expected), ...blindDecisions(world)];
}

/** Every cell with differing values and every row that one deleted while another edited or restored it. */
function unlisted({ hub, truth, bug, counters }: World, expected: ReadonlyMap<string, Register>): Problem[] {
  const listed = new Set<string>();
  for (const root of ROOTS) {
    const ops = rowsOf(hub.replica, root, hub.epoch).map((row) => asLogOp(hub.replica, row));
    for (const conflict of conflictsOf(readLog(ops))) {
      const entity = entityKey(conflict.entity);
      if (conflict.kind === 'values') listed.add(cellKey({ root, entity, field: conflict.field }));
      else if (bug !== 'conflicts-of-cells-only') listed.add(cellKey({ root, entity, field: TOMBSTONE }));
    }
  }
  counters.conflicts = listed.size;
  const wanted = new Set<string>();
  for (const [cell, { heads, values }] of expected) {
    if (!cell.endsWith(`/${TOMBSTONE}`)) continue;
    const state = rowState(cell, { heads, values }, expected, hub, truth);
    if (state === 'disputed') wanted.add(cell);
    if (state === 'gone') wanted.add(`gone ${cell}`);
  }
  for (const [cell, { values }] of expected) {
    const row = `${cell.slice(0, cell.lastIndexOf('/'))}/${TOMBSTONE}`;
    if (!cell.endsWith(TOMBSTONE) && values.size > 1 && !wanted.has(`gone ${row}`)) wanted.add(cell);
  }
  const missing = [...wanted].filter((cell) => !cell.startsWith('gone ') && !listed.has(cell));
  const more = [...listed].filter((cell) => !wanted.has(cell));
  return [
    ...missing.map((cell) => problem('silent', `not listed: ${cell}`)),
    ...more.map((cell) => problem('silent', `listed without reason: ${cell}`)),
  ];
}

/** Whether those who deleted the row had seen all that stands in it, themselves or through what they had seen. */
function rowState(
  cell: string,
  { heads, values }: Register,
  expected: ReadonlyMap<string, Register>,
  hub: Hub,
  truth: World['truth'],
): 'there' | 'gone' | 'disputed' {
  if (!values.has('deleted')) return 'there';
  if (values.size > 1) return 'disputed';
  const entity = cell.slice(0, cell.lastIndexOf('/') + 1);
  const saw = new Set<string>();
  const open = [...heads].flatMap((id) => hub.replica.rows.get(id)?.body.parents ?? []);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (saw.has(id)) continue;
    saw.add(id);
    open.push(...(truth.seen.get(id)?.heads ?? []), ...(hub.replica.rows.get(id)?.body.parents ?? []));
  }
  const others = [...expected].filter(([key]) => key.startsWith(entity) && key !== cell);
  return others.some(([, register]) => [...register.heads].some((id) => !saw.has(id))) ? 'disputed' : 'gone';
}

/** A decision that holds was made over exactly what stands before it. */
function blindDecisions({ hub, truth }: World): Problem[] {
  const problems: Problem[] = [];
  for (const root of ROOTS) {
    const before: Row[] = [];
    for (const row of rowsOf(hub.replica, root, hub.epoch)) {
      const seen = truth.seen.get(row.body.op_id);
      const isOwn = row.body.actor === 'user:web';
      const isLegible = row.content !== null;
      if (row.body.kind === 'transition' && isLegible && row.verdict === 'accepted' && seen !== undefined && !isOwn) {
        const digest = stepOf(row)?.digest;
        const steps = before.filter((one) => one.body.kind === 'transition' && stepOf(one)?.digest === digest);
        const log = before
          .filter((one) => !steps.includes(one))
          .map((one) => `${one.body.op_id} ${one.verdict}`)
          .toSorted();
        if (log.join(' ') !== seen.log.join(' ')) problems.push(problem('silent', `decision ${row.body.op_id}`));
      }
      before.push(row);
    }
  }
  return problems;
}
