import { resolve } from 'node:path';
import { SetupError } from '../setup/step.mjs';

export const USAGE = `npm start -- [options] [file or folder ...]

  FILE, FOLDER     import these into your own workspace
  --data DIR       keep the data in DIR
  --demo           open the demo workspace with the bundled samples
  --browser        use the browser even where Electron could run
  --port N         serve on port N (implies --browser); the next free one where it is taken
  --no-open        open nothing, print the address
  --once           read what there is to read, print it and exit
  --help           this text
`;

/**
 * @typedef {{ files: string[], data: string | undefined, demo: boolean, browser: boolean, port: number | undefined, open: boolean, once: boolean,
 *   help: boolean }} Options
 * @param {string[]} argv @param {string} cwd folder that relative paths are meant from
 * @returns {Options}
 */
export function readOptions(argv, cwd) {
  const options = {
    files: [],
    data: undefined,
    demo: false,
    browser: false,
    port: undefined,
    open: true,
    once: false,
    help: false,
  };
  const value = (index, name) => {
    const next = argv[index + 1];
    if (next === undefined || next.startsWith('--')) throw new SetupError(`${name} needs a value.\n\n${USAGE}`);
    return next;
  };
  for (let index = 0; index < argv.length; index += 1) {
    const [name, inline] = argv[index].startsWith('--') ? argv[index].split(/=(.*)/s) : [argv[index]];
    const take = () => {
      if (inline !== undefined) return inline;
      const next = value(index, name);
      index += 1;
      return next;
    };
    if (name === '--data') options.data = resolve(cwd, take());
    else if (name === '--port') options.port = readPort(take());
    else if (name === '--demo') options.demo = true;
    else if (name === '--browser') options.browser = true;
    else if (name === '--no-open') options.open = false;
    else if (name === '--once') options.once = true;
    else if (name === '--help' || name === '-h') options.help = true;
    else if (name === '--') options.files.push(...argv.slice(index + 1).map((file) => resolve(cwd, file)));
    else if (name.startsWith('--')) throw new SetupError(`Unknown option ${name}.\n\n${USAGE}`);
    else options.files.push(resolve(cwd, argv[index]));
    if (name === '--') break;
  }
  return options;
}

function readPort(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SetupError(`--port ${text}: a port is a number from 1 to 65535.`);
  return port;
}
