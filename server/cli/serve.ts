/** `serve`: the station's local server alone. */
import { join } from 'node:path';
import { workspaceFolder } from '../folders.ts';
import { openLogFile } from '../log-file.ts';
import { startServer } from '../serve.ts';
import { type Command, parse, UsageError } from './command.ts';
import { configFor } from './open.ts';

const HELP = `Usage: ap-intake serve [--port N] [--data DIR] [--workspace own|demo]

Runs the local server on 127.0.0.1 and prints the address of the user interface, with the token of this start.
The interface for programs is described at /docs. Ctrl+C ends it.

  --port N     port (default: any free one)
  --data DIR   data folder (default: the user's own)

Examples:
  ap-intake serve --port 4600
  ap-intake serve --data /srv/station
`;

export const serveCommand: Command = {
  summary: 'run the local server without opening a window',
  help: HELP,
  async run(args, around) {
    const { values } = parse(args, {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      workspace: { type: 'string' },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port must be 0 to 65535.');
    const config = { ...configFor(around, values), transport: { kind: 'tcp' as const, port } };
    const logTo = openLogFile(join(workspaceFolder(config.data, config.workspace), 'logs'));
    const server = await startServer(config, { logTo });
    around.out(`${server.ready.url}/#token=${server.ready.token ?? ''}\n`);
    await new Promise<void>((resolve) => {
      if (around.signal.aborted) resolve();
      else around.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await server.close();
    logTo.flushSync();
    return 0;
  },
};
