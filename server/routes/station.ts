/** The station itself: health, status, metrics, events, settings, workspace. */
import type { FastifyInstance } from 'fastify';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { type Settings, OCR_LANGUAGES, OcrLanguage } from '../../core/contract/settings.ts';
import { settingsTag, tagged } from '../conditions.ts';
import type { Context } from '../context.ts';
import { type On, serve } from '../endpoint.ts';
import type { Metrics } from '../metrics.ts';
import { VERSION } from '../version.ts';
import { isTimeZone } from '../zone.ts';

/** Of the process, not of a workspace. */
export function installHealth(app: FastifyInstance): void {
  serve(app, api.health, () => ({ status: 'ok' as const, version: VERSION }));
}

/** Prometheus' text: at a station behind its token, at a site on the internal listener alone. */
export function installMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', async (_request, reply) =>
    reply
      .type(metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.text()),
  );
}

export function installStationRoutes(on: On): void {
  on(api.status, (context) => context.status());
  on(api.events, ({ hub }, { reply }) => {
    hub.stream(reply);
    return reply;
  });
  on(api.getSettings, async ({ store }, { reply }) => tagged(reply, settingsTag, await store.settings()));
  on(api.putSettings, async (context, { body, match, reply }) => {
    await checkSettings(body, context);
    return tagged(reply, settingsTag, await context.saveSettings(body, match));
  });
  on(api.startOwnWorkspace, (context) => ({ restarting: context.leaveDemo() }));
}

const refuse = (field: string, message: string): never => {
  throw new AppError('invalid_value', message, { field });
};

/** What the contract's types cannot say. */
async function checkSettings(settings: Settings, { followsFolders }: Context): Promise<void> {
  if (!isTimeZone(settings.timeZone))
    refuse('timeZone', `"${settings.timeZone}" is no time zone. Use a name like Europe/Berlin.`);
  if (settings.csvDelimiter === settings.csvDecimal)
    refuse('csvDelimiter', 'The CSV delimiter and the decimal sign must differ.');
  if (settings.ocrLanguages.length === 0)
    refuse('ocrLanguages', 'At least one language for text recognition is needed.');
  const foreign = settings.ocrLanguages.find((code) => !OcrLanguage.safeParse(code).success);
  if (foreign !== undefined)
    refuse('ocrLanguages', `"${foreign}" is no language of the program. There are: ${OCR_LANGUAGES.join(', ')}.`);
  for (const [code, amount] of Object.entries(settings.tolerances))
    if (!/^\d+(\.\d+)?$/.test(amount)) refuse('tolerances', `The tolerance of ${code} must be an amount, e.g. 0.01.`);
  const { watchedFolder } = settings;
  if (watchedFolder === null) return;
  // Before the folder is looked at: nobody learns by this what there is on the machine of a site.
  if (!followsFolders)
    refuse(
      'watchedFolder',
      'A site watches no folder. Let a station do it, or send files by POST /api/v1/invoices/upload.',
    );
  if (!isAbsolute(watchedFolder)) refuse('watchedFolder', 'Give the full path of the folder to watch.');
  const info = await stat(watchedFolder).catch(() => undefined);
  if (info?.isDirectory() !== true) refuse('watchedFolder', 'This folder does not exist or cannot be opened.');
}
