/** Languages by the names that their speakers look for. */
import type { OcrLanguage } from '../core/contract/settings.ts';

export const LANGUAGE_NAMES: Readonly<Record<OcrLanguage, { readonly name: string; readonly tag: string }>> = {
  eng: { name: 'English', tag: 'en' },
  deu: { name: 'Deutsch', tag: 'de' },
  fra: { name: 'Français', tag: 'fr' },
  ita: { name: 'Italiano', tag: 'it' },
  spa: { name: 'Español', tag: 'es' },
  nld: { name: 'Nederlands', tag: 'nl' },
  por: { name: 'Português', tag: 'pt' },
};

/** The code itself where it is none of ours: data that somebody added. */
export const languageName = (code: string): string =>
  (LANGUAGE_NAMES as Partial<Record<string, { name: string }>>)[code]?.name ?? code;
