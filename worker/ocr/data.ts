/** Language data of the OCR engine: files of the installed packages or of the folder in AP_TESSDATA. Nothing is ever downloaded. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { gunzipSync } from 'node:zlib';
import { packageFolder } from '../packages.ts';
import { UnreadableError } from '../unreadable.ts';

/** ISO 639-1 as used in settings -> the engine's own names. */
const ENGINE_NAMES: Record<string, string> = {
  en: 'eng',
  de: 'deu',
  fr: 'fra',
  es: 'spa',
  it: 'ita',
  nl: 'nld',
  pt: 'por',
};

export const engineLanguage = (language: string): string => ENGINE_NAMES[language] ?? language;

export function languageData(language: string): Uint8Array {
  const tried: string[] = [];
  for (const path of candidates(language)) {
    tried.push(path);
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  }
  throw new UnreadableError(
    'engine-error',
    `OCR language data "${language}" is missing; looked for ${tried.join(' and ') || 'the package @tesseract.js-data/' + language}. ` +
      'Install the package or put the file there.',
  );
}

function candidates(language: string): string[] {
  if (!/^[a-z_]{2,20}$/i.test(language)) return [];
  const own = env.AP_TESSDATA;
  const folder = packageFolder(`@tesseract.js-data/${language}`);
  return [
    ...(own === undefined || own === ''
      ? []
      : [join(own, `${language}.traineddata.gz`), join(own, `${language}.traineddata`)]),
    ...(folder === undefined ? [] : [join(folder, '4.0.0_best_int', `${language}.traineddata.gz`)]),
  ];
}
