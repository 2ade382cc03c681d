/** Removes objects for good: in a bucket with versions a plain delete only hides them. */
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { AppError } from '../../core/contract/errors.ts';
import type { Endpoint } from './s3-client.ts';
import { isMissing } from './s3-error.ts';

const AT_ONCE = 8;

interface Version {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly LastModified?: Date | undefined;
}

/** Everything that begins with `prefix`, all versions, where it is older than `before`. Resolves to how many. */
export async function purge(endpoint: Endpoint, prefix: string, before = Number.POSITIVE_INFINITY): Promise<number> {
  let removed = 0;
  for await (const found of pages(endpoint, prefix)) {
    const old = found.filter((one) => (one.LastModified?.getTime() ?? 0) < before);
    await removeAll(endpoint, old);
    removed += old.length;
  }
  return removed;
}

async function* pages(endpoint: Endpoint, Prefix: string): AsyncGenerator<readonly Version[]> {
  const Bucket = endpoint.config.bucket;
  try {
    let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (from !== undefined) {
      const markers: { KeyMarker?: string; VersionIdMarker?: string } = from;
      const page = await endpoint.call('list versions', (client) =>
        client.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...markers })),
      );
      yield [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      from = page.IsTruncated === true ? nextOf(page) : undefined;
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.details['code'] !== 'NotImplemented') throw error;
    // A store without versions: what is listed is all there is. One page (1,000) a time, the next call takes the next one.
    const page = await endpoint.call('list', (client) => client.send(new ListObjectsV2Command({ Bucket, Prefix })));
    yield page.Contents ?? [];
  }
}

const nextOf = ({ NextKeyMarker, NextVersionIdMarker }: ListObjectVersionsCommandOutput) => ({
  ...(NextKeyMarker === undefined ? {} : { KeyMarker: NextKeyMarker }),
  ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
});

async function removeAll(endpoint: Endpoint, versions: readonly Version[]): Promise<void> {
  const Bucket = endpoint.config.bucket;
  for (let at = 0; at < versions.length; at += AT_ONCE) {
    const some = versions.slice(at, at + AT_ONCE).map(async ({ Key, VersionId }) => {
      const one = { Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) };
      await endpoint
        .call('delete', (client) => client.send(new DeleteObjectCommand(one)))
        .catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
    });
    await Promise.all(some);
  }
}
