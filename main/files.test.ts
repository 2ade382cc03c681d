import { expect, test } from 'vitest';
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHandOver } from './hand-over.ts';
import { expandFolders, uploadFiles } from './files.ts';
import type { ServerState } from './server-process.ts';
import { createSocketPath } from './socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'ap files '));
mkdirSync(join(folder, 'b'));
for (const name of ['z.pdf', 'a.xml', '.hidden', join('b', 'c.png')]) writeFileSync(join(folder, name), name);

const accepted = (file: string) => ({ kind: 'accepted', file, document: 'd', invoices: [] });
/** Answers an upload as the server's contract says, and keeps what it was sent. */
function station() {
  const batches: string[][] = [];
  const paths: string[] = [];
  const send = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    paths.push(path);
    if (!path.endsWith('/upload')) return Response.json({ restarting: true });
    const names = (await request.formData()).getAll('file').map((file) => (file as File).name);
    batches.push(names);
    const results = names.map((name) =>
      name === 'a.xml' ? { kind: 'refused', file: name, reason: 'too-large', detail: 'too large' } : accepted(name),
    );
    return Response.json({ results }, { status: 207 });
  };
  return { batches, paths, send };
}

test('folders are opened in the order of names, without hidden files', async () => {
  expect(await expandFolders([folder, join(folder, 'gone')])).toEqual([
    join(folder, 'a.xml'),
    join(folder, 'b', 'c.png'),
    join(folder, 'z.pdf'),
  ]);
});

test('uploads by base name in batches of fifty, and tells what was refused', async () => {
  const many = mkdtempSync(join(tmpdir(), 'ap-many-'));
  for (let index = 0; index < 60; index += 1) writeFileSync(join(many, `${index}.pdf`), String(index));
  const { batches, send } = station();
  const report = await uploadFiles([folder, many], send);
  expect(batches.map((batch) => batch.length)).toEqual([50, 13]);
  expect(batches.flat()).toContain('c.png');
  expect(report.taken).toBe(62);
  expect(report.refused).toEqual([{ file: 'a.xml', detail: 'too large' }]);
});

test('a refusal of the whole upload is an error in the server’s words', async () => {
  const problem = { type: 'about:blank', title: 'storage', status: 507, detail: 'The disk is full.', code: 'storage' };
  await expect(uploadFiles([folder], () => Promise.resolve(Response.json(problem, { status: 507 })))).rejects.toThrow(
    'The disk is full.',
  );
});

test('files handed to a station that shows the demo go into the own workspace', async () => {
  let workspace: 'demo' | 'own' = 'demo';
  const { paths, send } = station();
  const server = { state: (): ServerState => ({ kind: 'ready' }), workspace: () => workspace };
  const handOver = createHandOver({
    server,
    send: async (request) => {
      const reply = await send(request);
      if (request.url.endsWith('/own')) setTimeout(() => (workspace = 'own'), 50);
      return reply;
    },
  });
  expect((await handOver.take([join(folder, 'z.pdf')])).taken).toBe(1);
  expect(paths).toEqual(['/api/v1/workspace/own', '/api/v1/invoices/upload']);
});

test('the socket lies in a folder of its own that nobody else can enter', () => {
  const socket = createSocketPath('linux', folder);
  expect(statSync(join(socket.path, '..')).mode & 0o777).toBe(0o700);
  socket.remove();
  expect(createSocketPath('win32').path).toMatch(/^\\\\\.\\pipe\\ap-intake-[0-9a-f]{32}$/);
});
