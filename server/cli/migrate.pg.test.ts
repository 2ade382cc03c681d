import { describe, expect, test } from 'vitest';
import { postgres } from '../store/testing-postgres.ts';
import { createTestDatabase } from '../store/testing-roles.ts';
import { told } from './testing-cli.ts';

const migrate = (env: Record<string, string>) => told(['migrate'], env);

describe.skipIf(postgres.url === undefined)('ap-intake migrate', () => {
  test('migrates once, and says what it did', async () => {
    const database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    expect(await migrate({ DATABASE_URL: database.ownerUrl })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/from version 0 to \d/),
    });
    expect(await migrate({ DATABASE_URL: database.ownerUrl })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/is at version/),
    });
    await database.drop();
  });

  test('without a database it says what to set, and one that is away is told', async () => {
    expect(await migrate({})).toMatchObject({ code: 2, said: expect.stringContaining('DATABASE_URL') });
    const away = migrate({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(away).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
