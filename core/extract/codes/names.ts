/** The names of a code: who is paid is mostly, not always, the vendor (factoring); who pays is mostly the buyer. */
import type { HeaderField } from '../../invoice/fields.ts';
import { sameName } from '../candidates/party.ts';
import { candidatesOf, confirm, offer, take, type Draft, type Placed } from './evidence.ts';

const NAME = 0.97;
/** A name that only the code has. */
const ALONE = 0.85;
/** A name that is surer than this is not exchanged for another of the page. */
const DOUBT = 0.8;
/** Less than even odds: who is paid is likelier to be the vendor than that. */
const WEAK = 0.5;

export function applyNames(draft: Draft, code: Placed): void {
  const { payee, debtor } = code.payment;
  if (payee !== undefined && !supports(draft, 'vendorName', code, payee)) {
    // Somebody else takes the money: a factoring company, a collecting office, or a trade name that the letterhead does not show.
    if (draft.header.payeeName === undefined) take(draft, 'payeeName', code, payee, { confidence: NAME });
    else if (sameName(draft.header.payeeName.value, payee)) confirm(draft, 'payeeName', code, NAME);
    else offer(draft, 'payeeName', code, payee);
  }
  if (debtor !== undefined && !supports(draft, 'buyerName', code, debtor)) offer(draft, 'buyerName', code, debtor);
}

/** Confirms the name, chooses it among what was read, or fills the empty field; false where the page names somebody else. */
function supports(draft: Draft, field: HeaderField, code: Placed, name: string): boolean {
  const cell = draft.header[field];
  if (cell === undefined) {
    take(draft, field, code, name, { confidence: ALONE });
    return true;
  }
  if (sameName(cell.value, name)) {
    confirm(draft, field, code, NAME);
    return true;
  }
  const other = cell.confidence < DOUBT ? candidatesOf(cell).find((c) => sameName(c.value, name)) : undefined;
  if (other === undefined && cell.confidence < WEAK) {
    take(draft, field, code, name, { confidence: ALONE });
    return true;
  }
  if (other === undefined) return false;
  take(draft, field, code, other.value, { confidence: NAME, text: other.text });
  return true;
}
