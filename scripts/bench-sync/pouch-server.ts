/** express-pouchdb as a process of its own, over LevelDB in a folder. */
import { createServer } from 'node:http';
import { requirePeer } from './peers.ts';
import { answerCalls } from './child.ts';

interface PouchStatic {
  defaults(options: { prefix: string }): object;
}
type Listener = Parameters<typeof createServer>[1];

answerCalls({
  async open({ prefix, port }: { prefix: string; port: number }) {
    const express = requirePeer('express') as () => { use(path: string, app: unknown): void };
    const pouch = (requirePeer('pouchdb') as PouchStatic).defaults({ prefix });
    const serve = requirePeer('express-pouchdb') as (pouch: object, options: object) => unknown;
    const app = express();
    app.use('/', serve(pouch, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${prefix}log.txt` }));
    const server = createServer(app as unknown as NonNullable<Listener>);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  },
});
