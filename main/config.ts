/** Environment and arguments -> what this start of the window is about. Only `index.ts` hands the real ones in. */
import { z } from 'zod';
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

const Files = z.array(z.string().max(4096)).max(10_000);

export interface Place {
  /** Root of the data folders; holds `own/`, `demo/` and the window's own `window/`. */
  readonly data: string;
  readonly workspace: 'demo' | 'own';
  /** What the user gave, absolute: handed to the station that runs already, where there is one. */
  readonly files: readonly string[];
  /** What a new station imports: the user's files, or the samples for the demo. */
  readonly imports: readonly string[];
  /** The program that runs the server; undefined: a utility process of Electron. */
  readonly serverExec: string | undefined;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The system's folder for this program's data, used where AP_DATA names none. */
  readonly standardData: string;
  readonly samples: string;
}

function importsOf(text: string | undefined): string[] {
  if (!text) return [];
  try {
    return Files.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Files among the arguments: what names something that exists. Switches (Chromium adds its own) and `apstation:` links are none. */
export function filesOf(argv: readonly string[], cwd: string): string[] {
  return argv
    .filter((argument) => argument !== '' && !argument.startsWith('-') && !/^[a-z][a-z0-9+.-]+:/i.test(argument))
    .map((argument) => (isAbsolute(argument) ? argument : resolve(cwd, argument)))
    .filter((path) => existsSync(path));
}

export function readPlace({ env, argv, cwd, standardData, samples }: Surroundings): Place {
  const data = env['AP_DATA'] ? resolve(env['AP_DATA']) : standardData;
  // The launcher names the samples too; they are nothing that the user gave.
  const given = [...importsOf(env['AP_IMPORT']), ...filesOf(argv, cwd)].filter((file) => file !== samples);
  const asked = env['AP_WORKSPACE'];
  const hasOwn = given.length > 0 || existsSync(join(data, 'own'));
  const workspace = asked === 'demo' || asked === 'own' ? asked : hasOwn ? 'own' : 'demo';
  return {
    data,
    workspace,
    files: given,
    imports: workspace === 'demo' && given.length === 0 ? [samples] : given,
    serverExec: env['AP_SERVER_EXEC'] || undefined,
  };
}
