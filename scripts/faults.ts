/** `npm run test:faults -- [--kills 30] [--seed N]`: faults on purpose, and whether anything acknowledged was lost. */
import { parseArgs } from 'node:util';
import { faultKill } from './faults-kill.ts';
import { createFigures } from './figure.ts';
import { createRandom } from './random.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '30' }, seed: { type: 'string' } } });
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) throw new Error('--kills must be a number from 1.');
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`seed ${seed}`);
const figures = createFigures(say);
await faultKill({ kills, random: createRandom(seed), figures, say });
process.exitCode = figures.ok() ? 0 : 1;
