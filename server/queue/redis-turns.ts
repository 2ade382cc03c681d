/**
 * Sites take turns among jobs equally urgent (decision 0016): each job gets its number in its site's line of that urgency, behind what its site has in the queue already, and not
 * before the front of all lines (the lowest turn that still waits; start-time fair queueing). BullMQ sorts by one number up to 2,097,151: 32 urgencies of 65,536 turns. A
 * site has half of those ahead of the front, what is more waits in the database; where the front comes to the middle, all that wait step back to the beginning together.
 */
import type { Redis } from 'ioredis';

export const TURNS = 65_536;
const URGENCIES = 32;
/** How many jobs of a site and an urgency are in a queue at once, about. */
const AHEAD = TURNS / 2;

/** Urgencies beyond the last one are the last one. */
export const urgencyOf = (priority: number): number => Math.min(URGENCIES - 1, Math.max(0, priority));

/** Turns begin with 1: BullMQ takes 0 for no priority at all. */
const TAKE = `
local waiting, lasts, jobs = KEYS[1], KEYS[2], KEYS[3]
local turns, ahead, unit = tonumber(ARGV[1]), tonumber(ARGV[2]), 4294967296
local function score(value) return string.format('%.0f', value) end
local out = {}
for at = 3, #ARGV, 3 do
  local urgency, site, count = tonumber(ARGV[at]), ARGV[at + 1], tonumber(ARGV[at + 2])
  local base, key = urgency * turns, lasts .. ':' .. urgency
  local from, to = score(base * unit), '(' .. score((base + turns) * unit)
  local first = redis.call('ZRANGEBYSCORE', waiting, from, to, 'WITHSCORES', 'LIMIT', 0, 1)
  local front = 1
  if first[2] then front = math.floor(tonumber(first[2]) / unit) - base else redis.call('DEL', key) end
  if front > ahead then
    local back = front - 1
    local all = redis.call('ZRANGEBYSCORE', waiting, from, to, 'WITHSCORES')
    for i = 1, #all, 2 do
      local moved = tonumber(all[i + 1]) - back * unit
      redis.call('ZADD', waiting, score(moved), all[i])
      redis.call('HSET', jobs .. all[i], 'priority', score(math.floor(moved / unit)))
    end
    local each = redis.call('HGETALL', key)
    for i = 1, #each, 2 do redis.call('HSET', key, each[i], math.max(0, tonumber(each[i + 1]) - back)) end
    front = 1
  end
  local start = math.max(front, tonumber(redis.call('HGET', key, site) or '0') + 1)
  local given = math.max(0, math.min(count, front + ahead - start))
  if given > 0 then redis.call('HSET', key, site, start + given - 1) end
  out[#out + 1] = start
  out[#out + 1] = given
end
return out`;

export interface Line {
  readonly site: string;
  readonly urgency: number;
  readonly count: number;
}
/** The first turn, and how many from there on. */
export interface Turns {
  readonly start: number;
  readonly count: number;
}

/** `key`: of a name below the queue's. */
export async function takeTurns(redis: Redis, key: (name: string) => string, lines: readonly Line[]): Promise<Turns[]> {
  const keys = [key('prioritized'), key('turns'), key('')];
  const asked = lines.flatMap(({ urgency, site, count }) => [urgency, site, count]);
  const taken = (await redis.eval(TAKE, keys.length, ...keys, TURNS, AHEAD, ...asked)) as number[];
  return lines.map((_, at) => ({ start: taken[2 * at] ?? 1, count: taken[2 * at + 1] ?? 0 }));
}
