/** `DATABASE_URL`, `DATABASE_PASSWORD_FILE` -> where the database is. `start.ts` and the command line hand their environment in. */
import { readFileSync } from 'node:fs';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Undefined where no database is named: the store is SQLite then. TLS by the address itself: `?sslmode=verify-full&sslrootcert=/run/secrets/ca.pem`. Throws with
 * one line that holds no password.
 */
export function readDatabaseUrl(
  environment: Variables,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): string | undefined {
  const { DATABASE_URL: given, DATABASE_PASSWORD_FILE: file } = environment;
  if (given === undefined || given === '') return undefined;
  const url = URL.parse(given);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    throw new Error('DATABASE_URL: an address like postgres://user@host:5432/database');
  if (file === undefined || file === '') return url.href;
  if (url.password !== '')
    throw new Error('DATABASE_PASSWORD_FILE: there is a password in DATABASE_URL already; leave one of them out');
  const password = secretIn(file, readFile);
  url.password = encodeURIComponent(password);
  return url.href;
}

function secretIn(file: string, readFile: (path: string) => string): string {
  try {
    const text = readFile(file).replace(/\r?\n$/, '');
    if (text !== '') return text;
  } catch (error) {
    throw new Error(`DATABASE_PASSWORD_FILE: ${file} cannot be read`, { cause: error });
  }
  throw new Error(`DATABASE_PASSWORD_FILE: ${file} is empty`);
}
