import { expect, test } from 'vitest';
import { CRASH_ACTIONS } from './crash-page.ts';
import { decideNavigation, isOwn, mayLoad, mayOpenOutside } from './navigation.ts';

const HOSTILE = [
  'https://example.com/',
  'http://127.0.0.1:1234/',
  'file:///etc/passwd',
  'ap://other/',
  'ap://app.example.com/',
  'ap:/app/',
  'AP-X://app/',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'about:blank',
  '',
  'ap://app/api/v1/documents/0',
  'ap://app/docs',
];

test('nothing but the one page is ever navigated to', () => {
  for (const url of HOSTILE) expect(decideNavigation('ap://app/', url), url).toBe('deny');
  expect(decideNavigation('ap://app/', 'ap://app/#/review/1')).toBe('allow');
  expect(decideNavigation('ap://app/#/inbox', 'ap://app/')).toBe('allow');
});

test('restart and log are for the crash page alone', () => {
  expect(decideNavigation('ap://app/__crash/', CRASH_ACTIONS.restart)).toBe('restart');
  expect(decideNavigation('ap://app/__crash/', CRASH_ACTIONS.log)).toBe('log');
  expect(decideNavigation('ap://app/', CRASH_ACTIONS.restart)).toBe('deny');
});

test('a page loads from its own origin, and what it made itself', () => {
  expect(isOwn('ap://app/assets/x.js')).toBe(true);
  for (const url of ['ap://app/x', 'blob:ap://app/1', 'data:image/png;base64,AA=='])
    expect(mayLoad(url), url).toBe(true);
  for (const url of [
    'https://example.com/x.js',
    'http://localhost/',
    'file:///etc/passwd',
    'ws://127.0.0.1/',
    'ap://x/',
  ])
    expect(mayLoad(url), url).toBe(false);
});

test('no other program is opened from a page', () => {
  for (const url of [...HOSTILE, 'mailto:a@example.com', 'smb://host/share'])
    expect(mayOpenOutside(url), url).toBe(false);
});
