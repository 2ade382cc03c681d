/** Pages of the site's log that are read before they are wanted: while one is taken in, those that follow it are on their way. */
import type { SyncPosition } from '../../store/station-sync-store.ts';
import type { ReadPage } from './page.ts';

/** Behind the page that is taken in. With one alone the site would rest while that one is checked. */
const AHEAD = 2;

export type PullPage = (place: SyncPosition, waitSeconds: number, signal: AbortSignal) => Promise<ReadPage>;

interface Asked {
  readonly from: SyncPosition;
  readonly page: Promise<ReadPage>;
  readonly cut: AbortController;
  read?: ReadPage;
}

/** Where the page after this one begins; undefined where the site had nothing more when it answered. */
function endOf({ from, read }: Asked): SyncPosition | undefined {
  if (read?.kind !== 'page') return undefined;
  const last = read.parts.at(-1);
  const cursor = last?.ops.at(-1)?.seq;
  if (last === undefined || cursor === undefined || cursor >= read.head) return undefined;
  return { ...from, cursor, siteHash: last.siteHash };
}

const isSame = (a: SyncPosition, b: SyncPosition): boolean =>
  a.cursor === b.cursor && a.siteHash === b.siteHash && a.epoch === b.epoch && a.site === b.site;

export interface ReadAhead {
  /** The page after this place: on its way already, or asked for now, in which case `signal` ends it. */
  next(place: SyncPosition, waitSeconds: number, signal?: AbortSignal): Promise<ReadPage>;
}

export function createReadAhead(pull: PullPage, ending: AbortSignal): ReadAhead {
  /** Page after page; the first one was handed out. */
  let asked: readonly Asked[] = [];

  function ask(from: SyncPosition, waitSeconds: number, signal?: AbortSignal): Asked {
    const cut = new AbortController();
    const signals = [cut.signal, ending, ...(signal === undefined ? [] : [signal])];
    const one: Asked = { from, cut, page: pull(from, waitSeconds, AbortSignal.any(signals)) };
    one.page.then(
      (read) => {
        one.read = read;
        goOn();
      },
      // Told to whoever wants the page.
      () => undefined,
    );
    asked = [...asked, one];
    return one;
  }

  function goOn(): void {
    const last = asked.at(-1);
    const from = last === undefined || asked.length > AHEAD ? undefined : endOf(last);
    if (from !== undefined) ask(from, 0);
  }

  return {
    next(place, waitSeconds, signal) {
      asked = asked.slice(1);
      const [known] = asked;
      if (known !== undefined && isSame(known.from, place)) {
        goOn();
        return known.page;
      }
      for (const { cut } of asked) cut.abort();
      asked = [];
      return ask(place, waitSeconds, signal).page;
    },
  };
}
