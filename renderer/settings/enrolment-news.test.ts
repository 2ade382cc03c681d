import { expect, test } from 'vitest';
import type { Enrolment } from '../../core/contract/site-link-http.ts';
import { t } from '../text.ts';
import { createEnrolmentNews } from './enrolment-news.ts';

const base: Enrolment = {
  id: '0190a000-0000-7000-8000-000000000001',
  way: 'browser',
  address: 'https://ap.example.com',
  step: 'connecting',
  open: null,
  userCode: null,
  until: null,
  failure: null,
};
const failed: Enrolment = { ...base, step: 'failed', failure: { code: 'unreachable', detail: '', facts: {} } };

function window(areSettingsOpen: boolean) {
  let enrolment: Enrolment | null = base;
  const said: string[] = [];
  const news = createEnrolmentNews({
    client: {
      getEnrolment: () => Promise.resolve({ enrolment }),
      cancelEnrolment: () => Promise.resolve({ enrolment: (enrolment = null) }),
    },
    app: { say: (text) => void said.push(text) },
    areSettingsOpen: () => areSettingsOpen,
  });
  return { news, said, turn: (next: Enrolment) => ((enrolment = next), news()), now: () => enrolment };
}

test('how it ended is said once, where the person is; why stays to be read in the settings', async () => {
  const there = window(false);
  await there.news();
  expect(there.said).toEqual([]);
  await there.turn(failed);
  await there.news();
  expect(there.said).toEqual([t('ui.link.failed.unreachable')]);
  expect(there.now()).toEqual(failed);
  await there.turn({ ...base, id: '0190a000-0000-7000-8000-000000000002', step: 'done' });
  expect(there.said.at(-1)).toBe(t('ui.link.done', { address: 'ap.example.com' }));
  expect(there.now()).toBeNull();
});

test('the settings show it themselves', async () => {
  const there = window(true);
  await there.turn(failed);
  expect(there.said).toEqual([]);
});
