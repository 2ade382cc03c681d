/**
 * Who may do what, of any running site: every endpoint of its description x every role x own and other site x no token x a revoked device. Expected is what
 * core/access says. Whoever is refused asks for real things with valid requests, so that nothing but the refusal stands in the way; whoever is allowed asks for
 * nothing that exists, or with an empty body, so that nothing changes.
 */
import fc from 'fast-check';
import { grants } from '../../core/access/can.ts';
import { ENDPOINT_ACTIONS, transitionAction } from '../../core/access/endpoints.ts';
import { ROLES, type Role } from '../../core/access/roles.ts';
import { createGenerator, type GeneratedRequest, type KnownIds } from './generate.ts';
import type { Answer, Ask } from './http.ts';
import { isCollection, look, SHA, UUID } from './known.ts';
import { fetchDescription, type Operation } from './openapi.ts';

export interface MatrixPlace {
  readonly ask: Ask;
  /** Of the site under test. */
  readonly tokens: Readonly<Record<Role, () => Promise<string>>>;
  /** The same roles at a connected station each, for what is between stations and their site alone. */
  readonly stations: Readonly<Partial<Record<Role, () => Promise<string>>>>;
  /** Of an admin of another site, who sees what is there. */
  readonly elsewhere: () => Promise<string>;
  /** Tokens that are good for nothing (any more), by what they are. */
  readonly useless: Readonly<Record<string, string>>;
  readonly seed: number;
}

export interface Found {
  readonly requests: number;
  /** Let in, and should not have been. */
  readonly open: readonly string[];
  /** Refused, and should not have been. */
  readonly closed: readonly string[];
  /** Neither: something broke. */
  readonly broken: readonly string[];
}

/** Ends the sign-in that asks. */
const ENDS_SIGN_IN = new Set(['signOut']);

const isIn = ({ status }: Answer): boolean => status >= 200 && status < 400;

function isGranted({ id }: Operation, { body }: GeneratedRequest, role: Role): boolean {
  const named = Object.hasOwn(ENDPOINT_ACTIONS, id) ? ENDPOINT_ACTIONS[id] : undefined;
  if (named === undefined || named === 'open') return named === 'open';
  if (id !== 'transition') return grants(role, named);
  return grants(role, transitionAction((JSON.parse(String(body)) as { to?: unknown }).to));
}

const isForStations = ({ status, text }: Answer): boolean => status === 403 && text.includes('"reason":"no-device"');
/** Let in: what was sent is another station's, which is no matter of rights. */
const isOfAnother = ({ text }: Answer): boolean => text.includes('"reason":"not_this_device"');

/** To whoever has not the key that a question is about. */
const SAYS_NOTHING = /^\{"standing":"unknown","revokedAt":null,"revokedBy":null\}$/;

/** For everybody: nothing of anybody's is in it. Others that need no token carry a signature, without which they let nobody in. */
const isPublic = ({ isOpen, parameters, body }: Operation): boolean =>
  isOpen && body === undefined && !parameters.some(({ required }) => required);

export async function checkMatrix({ ask, tokens, stations, elsewhere, useless, seed }: MatrixPlace): Promise<Found> {
  const description = await fetchDescription(ask);
  const generator = createGenerator(description);
  const mine = await look(ask, description, await tokens.admin());
  const theirs = await look(ask, description, await elsewhere());
  const found = { requests: 0, open: [] as string[], closed: [] as string[], broken: [] as string[] };
  /** Nothing that is there, but at the right place. */
  const onlySite: KnownIds = (operation, name) => (name === 'site' ? mine.ids(operation, name) : []);
  let turn = 0;
  const one = (operation: Operation, known: KnownIds): GeneratedRequest => {
    const [made] = fc.sample(generator.valid(operation, known, true), { numRuns: 1, seed: seed + (turn += 1) });
    return made!;
  };
  const send = async (made: GeneratedRequest, token?: string): Promise<Answer> => {
    found.requests += 1;
    const { operation, path, headers, body } = made;
    const answer = await ask(path, {
      method: operation.method,
      headers,
      headOnly: true,
      ...(body === undefined ? {} : { body }),
      ...(token === undefined ? {} : { token }),
    });
    if (answer.status >= 500) found.broken.push(`${operation.id}: ${answer.status} ${answer.text.slice(0, 200)}`);
    return answer;
  };
  async function withoutRight(operation: Operation): Promise<void> {
    for (const [what, token] of [['no token', undefined], ...Object.entries(useless)] as const) {
      const { status, text } = await send(one(operation, mine.ids), token);
      const line = `${operation.id}, ${what}: ${status}`;
      const isRight = isPublic(operation)
        ? status === 200
        : operation.isOpen
          ? [400, 401, 403].includes(status) || SAYS_NOTHING.test(text)
          : status === 401;
      if (!isRight) (status < 400 ? found.open : found.closed).push(line);
    }
  }

  async function byRole(operation: Operation, role: Role): Promise<void> {
    const token = await tokens[role]();
    const real = one(operation, mine.ids);
    const who = `${operation.id} by ${role}`;
    if (!isGranted(operation, real, role)) {
      const answer = await send(real, token);
      if (answer.status !== 403) (isIn(answer) ? found.open : found.closed).push(`${who}: ${answer.status}, not 403`);
      return;
    }
    // Where a signature decides, no role does.
    if (ENDS_SIGN_IN.has(operation.id) || (operation.isOpen && !isPublic(operation))) return;
    // What only reads may be asked for as it is.
    const harmless = operation.method === 'GET' ? real : withoutEffect(operation, one(operation, onlySite));
    const answer = await send(harmless, token);
    const station = isForStations(answer) ? stations[role] : undefined;
    const again = station === undefined ? answer : await send(harmless, await station());
    const isRefused = again.status === 401 || (again.status === 403 && !isOfAnother(again));
    if (isRefused && (station !== undefined || !isForStations(again)))
      found.closed.push(`${who}: ${again.status} ${again.text.slice(0, 120)}`);
    await ofAnotherSite(operation, role, (await station?.()) ?? token);
  }

  /** What stands at another site is asked for as if it were here. */
  async function ofAnotherSite(operation: Operation, role: Role, token: string): Promise<void> {
    if (!operation.path.includes('{')) return;
    const answer = await send(one(operation, theirs.ids), token);
    if (isIn(answer)) found.open.push(`${operation.id} of another site by ${role}: ${answer.status}`);
  }

  /** Nothing of another site is in any collection. */
  async function leaks(operation: Operation, role: Role): Promise<void> {
    found.requests += 1;
    const { text } = await ask(operation.path, { token: await tokens[role]() });
    const seen = [...(text.match(UUID) ?? []), ...(text.match(SHA) ?? [])].filter(
      (id) => theirs.all.has(id) && !mine.all.has(id),
    );
    if (seen.length > 0) found.open.push(`${operation.id} shows ${role} ${seen[0]} of another site`);
  }

  for (const operation of description.operations) {
    await withoutRight(operation);
    for (const role of ROLES) {
      await byRole(operation, role);
      if (isCollection(operation)) await leaks(operation, role);
    }
  }
  return found;
}

function withoutEffect({ body, path }: Operation, made: GeneratedRequest): GeneratedRequest {
  // With an id of nothing it has none; with an empty body it is refused, or there is nothing to do.
  if (body === undefined || path.includes('{')) return made;
  return { ...made, body: body.type === 'application/json' ? '{}' : (made.body ?? '') };
}
