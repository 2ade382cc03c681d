/** Checks of what a bucket as a whole can do. Tried on a bucket of the check's own; of the operator's bucket the settings are only read. */
import {
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { prepareBucket } from '../s3-bucket.ts';
import { createEndpoint } from '../s3-client.ts';
import { isMissing } from '../s3-error.ts';
import { bytesOf, type Check, demand, sample } from './check.ts';

const versioning: Check = {
  name: 'versioning',
  need: 'wanted',
  without: 'A document that is deleted or overwritten below the product cannot be had back but from a backup.',
  async run(trial) {
    const { client, Bucket, own } = trial;
    if (!own) {
      const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }));
      demand(Status === 'Enabled', `it is ${Status === undefined ? 'off' : Status.toLowerCase()} in this bucket`);
      return;
    }
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const at = { Bucket, Key: trial.key('versions') };
    const bytes = sample(100);
    await client.send(new PutObjectCommand({ ...at, Body: bytes }));
    await client.send(new PutObjectCommand({ ...at, Body: sample(100) }));
    await client.send(new DeleteObjectCommand(at));
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: at.Key }),
    );
    demand(
      Versions.length === 2 && DeleteMarkers.length === 1,
      `${Versions.length} versions and ${DeleteMarkers.length} marks of deletion instead of 2 and 1`,
    );
    const VersionId = Versions.at(-1)?.VersionId;
    const first = await bytesOf(await client.send(new GetObjectCommand({ ...at, VersionId })));
    demand(first.equals(bytes), 'the first version has other bytes');
    await client.send(new DeleteObjectCommand({ ...at, VersionId }));
    const gone = client.send(new GetObjectCommand({ ...at, VersionId }));
    demand(await gone.then(() => false, isMissing), 'a version that was deleted for good is still there');
  },
};

const lifecycle: Check = {
  name: 'lifecycle rules',
  need: 'wanted',
  without: 'What was never adopted is removed by the product alone, not by the store.',
  async run({ config, client, Bucket, own }) {
    if (own) {
      const endpoint = createEndpoint({ config: { ...config, bucket: Bucket }, patience: { tries: 1 } });
      await prepareBucket(endpoint).finally(() => endpoint.close());
    }
    const found = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })).catch((error: unknown) => {
      if (isMissing(error)) return { Rules: [] };
      throw error;
    });
    const ours = (found.Rules ?? []).filter((rule) => rule.ID?.startsWith('ap-intake-') === true);
    demand(ours.length === 2, `${ours.length} of the 2 rules are set`);
  },
};

export const BUCKET_CHECKS: readonly Check[] = [versioning, lifecycle];
