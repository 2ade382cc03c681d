/** Why a value was chosen: `why.<code>`; `{value}` is what follows the colon of a reason such as `label:Invoice no.`. */
export const why = {
  'why.label': 'stands at the label “{value}”',
  'why.arithmetic': 'makes the amounts add up',
  'why.checksum': 'its check digits fit',
  'why.format': 'has the form of such a value',
  'why.position': 'stands where such a value usually stands',
  'why.letterhead': 'stands in the letterhead',
  'why.footer': 'stands in the footer',
  'why.table': 'stands in the table of lines',
  'why.largest': 'is the largest amount',
  'why.currency': 'stands beside a currency sign',
  'why.xml': 'stands in the XML at {value}',
  'why.code': 'stands in the payment code',
  'why.vendor-memory': 'this vendor has printed it here before',
  'why.only-candidate': 'is the only such value on the document',
  'why.date-order': 'fits the order of the dates',
} as const;
