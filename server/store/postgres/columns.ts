/** Columns as this program keeps them in Postgres, whatever the table. */
import { bigint, customType } from 'drizzle-orm/pg-core';

/** An ISO instant in UTC with milliseconds, as everywhere else in the program; a real instant for whoever asks the database by hand. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});
/** Text whose order is that of its characters, on every machine: pages by keyset and ranges of keys depend on it. */
export const ordered = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
export const big = (name?: string) =>
  name === undefined ? bigint({ mode: 'number' }) : bigint(name, { mode: 'number' });
