/** HTML by template, everything escaped that is not HTML already. */
export interface Html {
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

type Value = string | number | Html | false | undefined | readonly Value[];

function shown(value: Value): string {
  if (value === false || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return isList(value) ? value.map(shown).join('') : value.html;
}
const isList = (value: Html | readonly Value[]): value is readonly Value[] => Array.isArray(value);

export const html = (texts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: texts.reduce((made, text, index) => made + shown(values[index - 1]) + text),
});
