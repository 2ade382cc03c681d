/** A client of Actual (https://actualbudget.org) as a process of its own: it keeps one budget for the whole process. */
import { requirePeer } from './peers.ts';
import { answerCalls } from './child.ts';

interface Transaction {
  readonly id: string;
  readonly notes: string;
}
interface Actual {
  init(config: { dataDir: string; serverURL: string; password: string }): Promise<ActualInternal>;
  runImport(name: string, run: () => Promise<void>): Promise<void>;
  createAccount(account: { name: string }, balance: number): Promise<string>;
  addTransactions(account: string, transactions: readonly object[]): Promise<unknown>;
  getTransactions(account: string, from: string, to: string): Promise<readonly Transaction[]>;
  getBudgets(): Promise<readonly { groupId?: string; name: string }[]>;
  getAccounts(): Promise<readonly { id: string }[]>;
  downloadBudget(id: string): Promise<void>;
  batchBudgetUpdates(run: () => Promise<void>): Promise<void>;
  sync(): Promise<void>;
}
interface ActualInternal {
  send(name: string, arg: object): Promise<unknown>;
}

const actual = requirePeer('@actual-app/api') as Actual;
let internal: ActualInternal;
let ids: readonly string[] = [];

const FROM = '2020-01-01';
const TO = '2030-12-31';
const COLUMNS = 5;

async function know(): Promise<void> {
  const [account] = await actual.getAccounts();
  ids = (await actual.getTransactions(account?.id ?? '', FROM, TO)).map(({ id }) => id);
}

answerCalls({
  async open(config: Parameters<Actual['init']>[0]) {
    internal = await actual.init(config);
  },
  /** The name that others download it by. */
  async create(rows: number) {
    await actual.runImport('bench', async () => {
      const account = await actual.createAccount({ name: 'bench' }, 0);
      const date = '2026-01-02';
      await actual.addTransactions(
        account,
        Array.from({ length: rows }, (_, at) => ({ date, amount: 100 + at, notes: `row ${at}`, cleared: false })),
      );
    });
    await know();
    const [budget] = await actual.getBudgets();
    return budget?.groupId;
  },
  async download(id: string) {
    await actual.downloadBudget(id);
    await know();
  },
  /** Saved and not sent: five columns of each row, as one change each. */
  async write({ changes, round }: { changes: number; round: number }) {
    const rows = ids.slice(0, changes / COLUMNS);
    const begun = performance.now();
    await actual.batchBudgetUpdates(async () => {
      const updated = rows.map((id, at) => ({
        id,
        notes: `note ${round} of ${at}`,
        amount: 1_000 * (round + 1) + at,
        date: `2026-02-${String((round % 28) + 1).padStart(2, '0')}`,
        cleared: round % 2 === 0,
        imported_payee: `payee ${round} ${at}`,
      }));
      const without = { runTransfers: false, learnCategories: false, detectOrphanPayees: false };
      await internal.send('transactions-batch-update', { updated, ...without });
    });
    const from = performance.now();
    await actual.sync();
    return { saved: from - begun, pushed: performance.now() - from };
  },
  async sync() {
    const from = performance.now();
    await actual.sync();
    return performance.now() - from;
  },
  /** How it is seen that all has come. */
  async sample() {
    const [account] = await actual.getAccounts();
    const all = await actual.getTransactions(account?.id ?? '', FROM, TO);
    return all.filter(({ notes }) => notes.startsWith('note ')).map(({ notes }) => notes.split(' ')[1]);
  },
});
