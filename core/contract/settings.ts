/** What a person sets for the station. */
import { z } from 'zod';

/** The languages that ship with the program, by the names of the OCR engine. */
export const OCR_LANGUAGES = ['eng', 'deu', 'fra', 'ita', 'spa', 'nld', 'por'] as const;
export const OcrLanguage = z.enum(OCR_LANGUAGES);
export type OcrLanguage = z.infer<typeof OcrLanguage>;

export const Settings = z.object({
  language: z.enum(['en', 'de']).default('en'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** OCR languages, most likely first. With `ocrAutomatic` they are for pages that do not tell their language. */
  ocrLanguages: z.array(z.string()).default(['eng', 'deu', 'fra']),
  /** Each page is read in the language it is in, whichever of those that ship with the program. */
  ocrAutomatic: z.boolean().default(true),
  /** Folder to take finished files from, or null. */
  watchedFolder: z.string().nullable().default(null),
  timeZone: z.string().default('UTC'),
  minimumConfidence: z.number().min(0).max(1).default(0.8),
  /** Canonical decimal amounts by rule code; `default` for the rest. */
  tolerances: z.record(z.string(), z.string()).default({ default: '0.01' }),
  csvDelimiter: z.enum([',', ';', '\t']).default(';'),
  csvDecimal: z.enum(['.', ',']).default('.'),
});
export type Settings = z.infer<typeof Settings>;
