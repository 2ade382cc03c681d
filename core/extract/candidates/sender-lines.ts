/** The sender in one line above the address window: name, street and town. */
import type { Segment } from '../layout/model.ts';
import { cleanName, isAddressLine, isCityLine, isStreetLine, nameShape } from '../values/name.ts';
import type { Context } from './context.ts';
import { pageOf } from './context.ts';
import type { NameCandidate } from './party.ts';

const hasTown = (part: string): boolean => /\b\d{4,6} ?\p{L}{2}/u.test(part) || isCityLine(part.trim());

/** Name, street and town of a one-line sender; parted by dots or dashes, or by commas where a street and a postal code follow. */
function senderParts(text: string): string[] {
  const dotted = text.split(/\s*[•·|∙●*]\s*|\s+[-–—]\s+/).filter((p) => p.trim() !== '');
  // "Acme GmbH, Street 1 · 12345 Town": the street hangs on the name.
  const [name = '', ...street] = (dotted[0] ?? '').split(/\s*,\s+/);
  const parts = street.length > 0 && isStreetLine(street.join(', ')) ? [name, ...street, ...dotted.slice(1)] : dotted;
  if (dotted.length >= 2 && parts.length <= 6 && dotted.slice(1).some(hasTown)) return parts;
  const commas = text.split(/\s*,\s+/).filter((p) => p.trim() !== '');
  const letter = commas.length >= 3 && commas.length <= 5 && isStreetLine(commas[1] ?? '');
  return letter && commas.slice(2).some((p) => /^([A-Z]{1,2}-)?\d{4,5} \p{L}{2}/u.test(p)) ? commas : [];
}

/** The small line above an address window: "Acme GmbH · Street 1 · 12345 Town". */
export function senderLines(context: Context): (NameCandidate & { segment: Segment })[] {
  return context.layout.lines
    .filter((line) => line.page === 1 && line.y0 < pageOf(context, 1).height * 0.45)
    .flatMap((line) => line.segments)
    .flatMap((segment) => {
      const first = segment.tokens[0] ? context.labelAt.get(segment.tokens[0].index) : undefined;
      const parts = senderParts(segment.text);
      const name = cleanName(parts[0] ?? '');
      const shape = nameShape(name);
      if (parts.length < 2 || first?.closed || shape < 0.5 || isAddressLine(name)) return [];
      const tokens = segment.tokens.slice(0, name.split(' ').length);
      return [
        {
          value: name,
          text: name,
          tokens,
          score: 0.85 * shape,
          reasons: ['position:sender-line'],
          party: 'vendor' as const,
          segment,
        },
      ];
    });
}
