// Is this container ready? Asks its own server, on the loopback address, for readiness: that reaches the database. Every role of the image answers there.
// Plain JavaScript without imports: it runs every few seconds.
const port = process.env.AP_INTERNAL_PORT || process.env.AP_PORT || '8000';
const TIMEOUT_MS = 4_000;

const ask = (path) =>
  fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });

try {
  let response = await ask('/health/ready');
  // A server with nothing behind it (SQLite, disk) has one answer for alive and ready.
  if (response.status === 404 || response.status === 401) response = await ask('/health');
  const text = await response.text();
  process.stdout.write(`${response.status} ${text.slice(0, 300)}\n`);
  process.exitCode = response.status === 200 ? 0 : 1;
} catch (error) {
  process.stdout.write(`no answer at port ${port}: ${error.cause?.code ?? error.name}\n`);
  process.exitCode = 1;
}
