/** File names as text. A stored name never becomes a path: documents are kept under their sha256. */

const MAX_BYTES = 255;

/** Cuts at a character, keeping the extension: people recognise a file by it. */
function fit(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 20 ? name.slice(dot) : '';
  const room = MAX_BYTES - Buffer.byteLength(extension);
  let kept = '';
  let size = 0;
  for (const character of extension === '' ? name : name.slice(0, dot)) {
    size += Buffer.byteLength(character);
    if (size > room) break;
    kept += character;
  }
  return kept + extension;
}

/** Last part of the path, NFC, without control, format (bidi among them), private and unassigned characters, at most 255 bytes of UTF-8. */
export function cleanName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const text = base
    .replace(/[\p{C}\u2028\u2029]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const fitted = fit(text);
  return /^\.*$/.test(fitted) ? 'unnamed' : fitted;
}
