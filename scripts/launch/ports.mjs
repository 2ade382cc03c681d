import { createServer } from 'node:net';
import { SetupError } from '../setup/step.mjs';

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });

/** The port asked for, or the next free one with a line about it. */
export async function findPort(wanted, say) {
  for (let port = wanted; port < Math.min(wanted + 50, 65_536); port += 1) {
    // One after the other on purpose: the next is asked only where this one is taken.
    // oxlint-disable-next-line no-await-in-loop
    if (await isFree(port)) return port;
    say(`Port ${port} is taken, trying ${port + 1}.`);
  }
  throw new SetupError(`No free port from ${wanted} to ${wanted + 49}. Choose another with --port.`);
}
