/** `serve`: the station's local server alone, or a site's server. */
import { join } from 'node:path';
import { workspaceFolder } from '../folders.ts';
import { openLogFile } from '../log-file.ts';
import { startServer } from '../serve.ts';
import { type Command, parse, type Surroundings, UsageError } from './command.ts';
import { configFor } from './open.ts';

const HELP = `Usage: ap-intake serve [--port N] [--data DIR] [--workspace own|demo]
       ap-intake serve --services=api,sync,worker,validation

Runs the local server on 127.0.0.1 and prints the address of the user interface, with the token of this start.
The interface for programs is described at /docs. Ctrl+C ends it.

  --port N     port (default: any free one)
  --data DIR   data folder (default: the user's own)

A site's server, for many people who sign in, is started by naming its services; one process has all of them or some:
  api          HTTP, sign-in and the user interface (AP_PORT, 8000)
  sync         the stations' sync, beside api
  worker       reads documents (queue "general")
  validation   judges and learns (queue "validation")
Its settings are variables: PUBLIC_URL, SITE_KEY_FILE and SITES; DATABASE_URL, REDIS_URL and S3_ENDPOINT for several processes, or AP_DATA for one process
with SQLite and a folder. docs/site.md explains them. Every process answers /health, /health/ready and /metrics at AP_INTERNAL_PORT (9464).

Examples:
  ap-intake serve --port 4600
  ap-intake serve --data /srv/station
  ap-intake serve --services=worker
`;

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Requests and jobs that do not end by themselves are cut off before the container's own patience ends: nothing is lost by it. */
const PATIENCE_MS = 27_000;

async function site(services: string, around: Surroundings): Promise<number> {
  const [{ readServices, readSiteConfig }, { serveSite }] = await Promise.all([
    import('../site/config.ts'),
    import('../site/serve.ts'),
  ]);
  const config = readSiteConfig(around.env, readServices(services));
  const serving = await serveSite(config, { logTo: process.stdout });
  const { url, internalUrl, boardUrl } = serving;
  around.say(
    [
      `ready: ${url ?? services}`,
      `internal ${internalUrl}`,
      ...(boardUrl === undefined ? [] : [`board ${boardUrl}`]),
    ].join(', '),
  );
  await ended(around.signal);
  const cutOff = setTimeout(() => process.exit(0), PATIENCE_MS);
  await serving.close();
  clearTimeout(cutOff);
  return 0;
}

async function station(
  values: { port: string; data?: string; workspace?: string },
  around: Surroundings,
): Promise<number> {
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port must be 0 to 65535.');
  const config = { ...configFor(around, values), transport: { kind: 'tcp' as const, port } };
  const logTo = openLogFile(join(workspaceFolder(config.data, config.workspace), 'logs'));
  const server = await startServer(config, { logTo });
  around.out(`${server.ready.url}/#token=${server.ready.token ?? ''}\n`);
  await ended(around.signal);
  await server.close();
  logTo.flushSync();
  return 0;
}

export const serveCommand: Command = {
  summary: "run the local server without opening a window, or a site's server",
  help: HELP,
  async run(args, around) {
    const { values } = parse(args, {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      workspace: { type: 'string' },
      services: { type: 'string' },
    });
    return values.services === undefined ? station(values, around) : site(values.services, around);
  },
};
