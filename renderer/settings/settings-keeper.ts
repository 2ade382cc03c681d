/**
 * The settings of the server as this window knows them. A change shows at once and is sent as the whole object, so requests go one after the other: each is made
 * over what the last reply said, with every change since. Two quick changes never undo one another.
 */
import type { Settings } from '../../core/contract/settings.ts';
import { isStale } from '../api.ts';
import type { Client } from '../api.ts';

type Part = Partial<Settings>;

interface Change {
  readonly part: Part;
  readonly done: () => void;
  readonly refused: (error: unknown) => void;
}

export interface SettingsKeeper {
  /** Shows the part at once; resolves when the server has it, rejects when it was refused and what the server has stands again. */
  change(part: Part): Promise<void>;
  /** Asks the server, after what is under way. */
  read(): Promise<void>;
}

const merged = (changes: readonly Change[]): Part => Object.assign({}, ...changes.map(({ part }) => part)) as Part;

export function createSettingsKeeper(
  client: Pick<Client, 'getSettings' | 'putSettings' | 'tagOf'>,
  show: (settings: Settings) => void,
): SettingsKeeper {
  let server: Settings | undefined;
  let sent: readonly Change[] = [];
  let waiting: readonly Change[] = [];
  let running = false;
  let current = Promise.resolve();
  let wanted = false;
  let unread: unknown;

  function draw(): void {
    if (server !== undefined) show({ ...server, ...merged(sent), ...merged(waiting) });
  }

  async function fetchServer(): Promise<void> {
    wanted = false;
    try {
      server = await client.getSettings({});
      unread = undefined;
    } catch (error) {
      unread = error;
    }
    draw();
  }

  async function sendWaiting(): Promise<void> {
    [sent, waiting] = [waiting, []];
    const going = sent;
    try {
      if (server === undefined) throw unread;
      const ifMatch = client.tagOf(server);
      server = await client.putSettings({ body: { ...server, ...merged(going) }, ifMatch });
      sent = [];
      draw();
      for (const { done } of going) done();
    } catch (error) {
      // Whether it was refused or lost on the way back: only the server knows what it has.
      sent = [];
      // Somebody else changed something in between: made again over what stands there now.
      if (isStale(error)) waiting = [...going, ...waiting];
      await fetchServer();
      if (isStale(error)) return;
      for (const { refused } of going) refused(error);
    }
  }

  async function pump(): Promise<void> {
    running = true;
    try {
      while (wanted || waiting.length > 0) {
        if (wanted || server === undefined) await fetchServer();
        if (waiting.length > 0) await sendWaiting();
      }
    } finally {
      running = false;
    }
  }

  function start(): Promise<void> {
    if (!running) current = pump();
    return current;
  }

  return {
    change(part) {
      return new Promise<void>((done, refused) => {
        waiting = [...waiting, { part, done, refused }];
        draw();
        void start();
      });
    },
    async read() {
      wanted = true;
      await start();
      if (unread !== undefined) throw unread;
    },
  };
}
