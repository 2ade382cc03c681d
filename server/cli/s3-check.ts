/** `s3-check`: tries for real what the product needs of a storage. */
import type { CheckResult } from '../blobs/conformance/run.ts';
import { type Command, parse, UsageError } from './command.ts';

const HELP = `Usage: ap-intake s3-check [URL] [--bucket NAME] [--region NAME] [--virtual-host] [--allow-http]

Tries everything that the product needs of an S3-compatible storage, for real, and says of each whether it works and what it means where it does not.
The exit code is 0 where everything needed works, 1 where something needed does not, 2 where the arguments are wrong.
Nothing is left there: without --bucket a bucket of its own is made and removed, with it only objects under "s3-check/" come and go and no setting is changed.

  URL             the endpoint, such as https://s3.example.com or http://127.0.0.1:9000 (default: S3_ENDPOINT)
  --bucket NAME   use this bucket instead of making one: also for keys that may not make any
  --region NAME   default: S3_REGION, or us-east-1
  --virtual-host  https://bucket.host/key instead of https://host/bucket/key
  --allow-http    an address without TLS that is not this machine

The keys come from S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or from the files that S3_ACCESS_KEY_ID_FILE and S3_SECRET_ACCESS_KEY_FILE name.
S3_CA_FILE names the certificate of a private authority.

Examples:
  ap-intake s3-check https://s3.example.com
  ap-intake s3-check --bucket invoices
`;

const line = ({ ok, need, name, note }: CheckResult): string =>
  `${[ok ? 'ok' : 'not', need, name, ...(note === '' ? [] : [note])].join('\t')}\n`;

export const s3CheckCommand: Command = {
  summary: 'try what the product needs of an S3 storage',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, {
      bucket: { type: 'string' },
      region: { type: 'string' },
      'virtual-host': { type: 'boolean' },
      'allow-http': { type: 'boolean' },
    });
    const [url, ...more] = positionals;
    if (more.length > 0) throw new UsageError('One address at a time.');
    // The library behind it is loaded for this command alone.
    const { readS3Config } = await import('../blobs/s3-config.ts');
    const { checkEndpoint } = await import('../blobs/conformance/run.ts');
    const given = {
      S3_ENDPOINT: url,
      S3_BUCKET: values.bucket,
      S3_REGION: values.region,
      S3_FORCE_PATH_STYLE: values['virtual-host'] === true ? 'false' : undefined,
      S3_ALLOW_HTTP: values['allow-http'] === true ? 'true' : undefined,
    };
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const config = configured(() => readS3Config({ ...around.env, ...named }));
    if (config === undefined) throw new UsageError('Name the address of the storage, or set S3_ENDPOINT.');
    const own = values.bucket === undefined;
    around.say(
      `${config.endpoint}, ${own ? 'a bucket of its own' : `bucket "${config.bucket}"`}, region ${config.region}`,
    );
    const onResult = (result: CheckResult): void => around.out(line(result));
    const results = await checkEndpoint({ config, own, signal: around.signal, onResult });
    const lacking = results.filter((result) => !result.ok);
    const needed = lacking.filter((result) => result.need === 'needed');
    around.out(`${results.length - lacking.length} of ${results.length} ok, ${needed.length} needed ones missing\n`);
    return around.signal.aborted || needed.length > 0 ? 1 : 0;
  },
};

function configured<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
