/** For tests: desks - stations at work, each with a folder of its own - that people connect to a site. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '../../access/testing-people.ts';
import { enrol, openTestStation, type TestStation } from '../../enrol/testing-enrol.ts';
import type { TestServing } from '../../site/testing.ts';

export interface Desks {
  /** At work, and connected to nothing. With a folder: the same desk again. */
  open(folder?: string): Promise<TestStation>;
  /** By that person, or by somebody new. */
  connect(desk: TestStation, site: TestServing, who?: Person): Promise<void>;
  /** Those that are still open. */
  close(): Promise<void>;
}

/** `origin`: where their site is. */
export function createDesks(origin: string): Desks {
  const all = new Set<TestStation>();
  return {
    async open(folder = mkdtempSync(join(tmpdir(), 'ap-desk-'))) {
      const made = await openTestStation({ folder });
      all.add(made);
      await made.station.start({ watch: false });
      return {
        ...made,
        close: () => {
          all.delete(made);
          return made.close();
        },
      };
    },
    async connect(desk, { people }, who) {
      const person = who ?? (await people.person('reviewer', 'main'));
      const { step, ...more } = await enrol(desk, people, person, { address: origin });
      if (step !== 'done') throw new Error(`not connected: ${step} ${JSON.stringify(more)}`);
    },
    async close() {
      for (const desk of all) await desk.close();
      all.clear();
    },
  };
}
