/** The station itself: health, status, metrics, events, settings, workspace. */
import type { FastifyInstance } from 'fastify';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { type Settings, OCR_LANGUAGES, OcrLanguage } from '../../core/contract/settings.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';
import { isTimeZone } from '../zone.ts';

/** Time for the reply to leave before the process ends. */
const RESTART_MS = 100;

export function installStationRoutes(app: FastifyInstance, context: Context): void {
  serve(app, api.health, () => ({ status: 'ok' as const, version: context.version }));
  serve(app, api.status, () => context.status());
  serve(app, api.events, ({ reply }) => {
    context.hub.stream(reply);
    return reply;
  });
  serve(app, api.getSettings, () => context.store.settings());
  serve(app, api.putSettings, async ({ body }) => {
    await checkSettings(body);
    return context.saveSettings(body);
  });
  serve(app, api.startOwnWorkspace, () => {
    if (context.config.workspace === 'own') return { restarting: false };
    setTimeout(() => context.restartAsOwn(), RESTART_MS);
    return { restarting: true };
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await context.metrics.text();
    return reply.type(context.metrics.contentType).header('cache-control', 'no-store').send(text);
  });
}

const refuse = (field: string, message: string): never => {
  throw new AppError('invalid_value', message, { field });
};

/** What the contract's types cannot say. */
async function checkSettings(settings: Settings): Promise<void> {
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
  if (!isAbsolute(watchedFolder)) refuse('watchedFolder', 'Give the full path of the folder to watch.');
  const info = await stat(watchedFolder).catch(() => undefined);
  if (info?.isDirectory() !== true) refuse('watchedFolder', 'This folder does not exist or cannot be opened.');
}
