/** `s3-prepare`: makes the bucket and its settings where they are missing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, parse, UsageError } from './command.ts';

const HELP = `Usage: ap-intake s3-prepare [--origin URL]...

Makes the bucket S3_BUCKET at S3_ENDPOINT where it is missing, turns versioning on and sets the rules that clear unfinished uploads away. What is there stays;
what the key may not do is said, for the operator to do by hand. Run it as often as you like.

  --origin URL  browsers from this address upload straight to the store

The keys come from S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or from the files that S3_ACCESS_KEY_ID_FILE and S3_SECRET_ACCESS_KEY_FILE name.
`;

export const s3PrepareCommand: Command = {
  summary: 'make the bucket of an S3 storage ready',
  help: HELP,
  async run(args, around) {
    const { values } = parse(args, { origin: { type: 'string', multiple: true } });
    // The library behind it is loaded for this command alone.
    const { readS3Config } = await import('../blobs/s3-config.ts');
    const { createS3Storage } = await import('../blobs/s3.ts');
    const config = readS3Config(around.env);
    if (config === undefined) throw new UsageError('Set S3_ENDPOINT to the address of the storage.');
    const folder = await mkdtemp(join(tmpdir(), 'ap-s3-'));
    const storage = await createS3Storage({ config, folder });
    try {
      const { created, versioned, missing } = await storage.prepare({ origins: values.origin ?? [] });
      around.out(
        `${config.endpoint}, bucket "${config.bucket}": ${created ? 'made' : 'is there'}${versioned ? ', keeps versions' : ''}\n`,
      );
      for (const sentence of missing) around.say(sentence);
      return 0;
    } finally {
      storage.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
