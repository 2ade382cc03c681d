/** Checks of objects: what is put comes back, whole and in ranges, in one piece and in parts. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { isMissing, isRaced } from '../s3-error.ts';
import { bytesOf, type Check, demand, hashOf, sample, type Trial } from './check.ts';

const MIB = 1024 * 1024;
/** The least that a part may have, but for the last one. */
const PART = 5 * MIB;

async function put(trial: Trial, name: string, size: number) {
  const bytes = sample(size);
  const at = { Bucket: trial.Bucket, Key: trial.key(name) };
  await trial.client.send(new PutObjectCommand({ ...at, Body: bytes }));
  return { at, bytes };
}

async function begin(trial: Trial, name: string) {
  const at = { Bucket: trial.Bucket, Key: trial.key(name) };
  const { UploadId } = await trial.client.send(new CreateMultipartUploadCommand(at));
  return { ...at, UploadId };
}

const roundTrip: Check = {
  name: 'put and get',
  need: 'needed',
  without: 'No document can be kept.',
  async run(trial) {
    for (const size of [0, 1, 300_000]) {
      const { at, bytes } = await put(trial, `whole-${size}`, size);
      const back = await bytesOf(await trial.client.send(new GetObjectCommand(at)));
      demand(back.equals(bytes), `${size} bytes came back as others`);
    }
  },
};

const range: Check = {
  name: 'range',
  need: 'needed',
  without: 'Viewers and broken downloads could not read a part of a document.',
  async run(trial) {
    const { at, bytes } = await put(trial, 'range', 1_000);
    const reply = await trial.client.send(new GetObjectCommand({ ...at, Range: 'bytes=10-19' }));
    demand(reply.$metadata.httpStatusCode === 206, `status ${reply.$metadata.httpStatusCode} instead of 206`);
    demand((await bytesOf(reply)).equals(bytes.subarray(10, 20)), 'other bytes than those asked for');
  },
};

const head: Check = {
  name: 'head',
  need: 'needed',
  without: 'The station could not know what is kept already.',
  async run(trial) {
    const { at } = await put(trial, 'head', 1_234);
    const found = await trial.client.send(new HeadObjectCommand(at));
    demand(found.ContentLength === 1_234, `says ${found.ContentLength} bytes instead of 1234`);
    const absent = trial.client.send(new HeadObjectCommand({ ...at, Key: trial.key('absent') }));
    demand(await absent.then(() => false, isMissing), 'something else than "not found" for what is not there');
  },
};

const etag: Check = {
  name: 'etag is md5',
  need: 'wanted',
  without:
    'Documents that come in twice are read back and hashed instead of compared by their ETag: slower, nothing else.',
  async run(trial) {
    const { at, bytes } = await put(trial, 'etag', 5_000);
    const { ETag = '' } = await trial.client.send(new HeadObjectCommand(at));
    demand(ETag.replaceAll('"', '') === hashOf('md5', bytes).toString('hex'), `the ETag is ${ETag}`);
  },
};

const conditional: Check = {
  name: 'put only if absent',
  need: 'wanted',
  without: 'Two that put the same document at the same moment may both be told that it was new; nothing is lost.',
  async run(trial) {
    const { at } = await put(trial, 'conditional', 10);
    const again = trial.client.send(new PutObjectCommand({ ...at, Body: sample(10), IfNoneMatch: '*' }));
    demand(await again.then(() => false, isRaced), 'an object was overwritten that should have been left');
  },
};

const multipart: Check = {
  name: 'multipart',
  need: 'needed',
  without: 'Documents over 16 MiB could not be kept.',
  async run(trial) {
    const upload = await begin(trial, 'parts');
    const bytes = sample(PART + 1_000);
    const pieces = [bytes.subarray(0, PART), bytes.subarray(PART)];
    const Parts = [];
    for (const [index, Body] of pieces.entries()) {
      const { ETag } = await trial.client.send(new UploadPartCommand({ ...upload, PartNumber: index + 1, Body }));
      Parts.push({ ETag, PartNumber: index + 1 });
    }
    const listed = await trial.client.send(new ListPartsCommand(upload));
    demand(listed.Parts?.length === 2, `lists ${listed.Parts?.length ?? 0} of 2 parts`);
    await trial.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const { Bucket, Key } = upload;
    const back = await bytesOf(await trial.client.send(new GetObjectCommand({ Bucket, Key })));
    demand(back.equals(bytes), 'other bytes came back');
  },
};

const abort: Check = {
  name: 'multipart abort',
  need: 'needed',
  without: 'Parts of broken uploads would fill the store.',
  async run(trial) {
    const upload = await begin(trial, 'aborted');
    await trial.client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: sample(1_000) }));
    const open = async (): Promise<boolean> => {
      const found = await trial.client.send(
        new ListMultipartUploadsCommand({ Bucket: trial.Bucket, Prefix: upload.Key }),
      );
      return found.Uploads?.some((one) => one.UploadId === upload.UploadId) ?? false;
    };
    demand(await open(), 'an open upload is not listed under its key');
    await trial.client.send(new AbortMultipartUploadCommand(upload));
    demand(!(await open()), 'an aborted upload is still listed');
  },
};

const copy: Check = {
  name: 'copy',
  need: 'wanted',
  without: 'Moving documents between buckets (backup, restore) has to pass them through the program that does it.',
  async run(trial) {
    const { at, bytes } = await put(trial, 'copied', 2_000);
    const target = { Bucket: trial.Bucket, Key: trial.key('copy') };
    await trial.client.send(new CopyObjectCommand({ ...target, CopySource: `${at.Bucket}/${at.Key}` }));
    const back = await bytesOf(await trial.client.send(new GetObjectCommand(target)));
    demand(back.equals(bytes), 'the copy has other bytes');
  },
};

const list: Check = {
  name: 'list',
  need: 'needed',
  without: 'Backups and cleaning could not see what is there.',
  async run(trial) {
    for (const name of ['list/a', 'list/b', 'list/c']) await put(trial, name, 1);
    const { Bucket } = trial;
    const names: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const ContinuationToken = token;
      const page = await trial.client.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix: trial.key('list/'),
          MaxKeys: 2,
          ...(ContinuationToken && { ContinuationToken }),
        }),
      );
      names.push(...(page.Contents ?? []).map((one) => one.Key));
      token = page.NextContinuationToken;
    } while (token !== undefined && names.length < 10);
    const wanted = ['list/a', 'list/b', 'list/c'].map((name) => trial.key(name));
    demand(JSON.stringify(names) === JSON.stringify(wanted), `lists ${names.length} objects in pages of two, wrongly`);
  },
};

const remove: Check = {
  name: 'delete',
  need: 'needed',
  without: 'Uploads that nobody adopted would stay for ever, and nothing could be erased.',
  async run(trial) {
    const { at } = await put(trial, 'deleted', 10);
    await trial.client.send(new DeleteObjectCommand(at));
    demand(await trial.client.send(new HeadObjectCommand(at)).then(() => false, isMissing), 'it is still there');
  },
};

export const OBJECT_CHECKS: readonly Check[] = [
  roundTrip,
  range,
  head,
  etag,
  conditional,
  multipart,
  abort,
  copy,
  list,
  remove,
];
