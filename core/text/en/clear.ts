/** The way out of a finding: what would clear it. */
export const clear = {
  'clear.add-lines': 'Add the lines by hand, or confirm the invoice on its totals alone.',
  'clear.enter-field': 'Enter it, or click it on the page.',
  'clear.correct-field': 'Correct the value against the page.',
  'clear.check-field': 'Compare it with the page, then accept or correct it.',
  'clear.check-page': 'Look at the page and add what is missing; a better scan can be read again.',
  'clear.read-again': 'Enter the fields by hand, or put the cause right and read the document again.',
  'clear.not-a-bill': 'Reject it, or correct the document type if it is an invoice after all.',
  'clear.remove-line': 'Delete the line, or fill it in.',
  'clear.correct-line':
    'Correct quantity, price, discount or total of the line; if the page itself is wrong, ask the vendor.',
  'clear.correct-totals':
    'Correct the amount that was misread; if the page itself does not add up, ask the vendor for a corrected invoice.',
  'clear.correct-tax':
    'Correct rate, base or tax; if the page itself is wrong, ask the vendor for a corrected invoice.',
  'clear.correct-dates': 'Check day and month of both dates against the page.',
  'clear.confirm-date': 'Check the date against the page; accept it if it is right.',
  'clear.correct-iban': 'Compare the IBAN with the page digit by digit; never pay to one whose check digits fail.',
  'clear.correct-tax-id': 'Compare the tax id with the page; if it is printed so, ask the vendor.',
  'clear.compare-xml':
    'Decide which one counts: in an e-invoice the XML is the invoice. A different amount or account is a reason to ask the vendor.',
  'clear.call-vendor':
    'Call the vendor at a number you know, not one on this page. Confirm with what you were told, or take the known account.',
  'clear.compare-code':
    'Find out which one the vendor means, on a known number, before anything is paid: a code may be stuck over another one.',
  'clear.ignore-code': 'Nothing has to be done; do not pay by scanning this code.',
  'clear.compare-print':
    'Enter what the page shows only after asking the vendor on a known number: a PDF that says one thing and shows another may be forged.',
  'clear.hidden-text':
    'Pay to the visible account only, and ask the vendor on a known number why the PDF holds another one.',
  'clear.ask-einvoice': 'Compare every field with the page, and ask the vendor for an e-invoice that can be read.',
  'clear.compare-duplicate': 'Compare both; mark this one as a duplicate, or say why it is a different invoice.',
  'clear.retry': 'Judge it again: any change of the invoice does.',
  'clear.decide-again': 'Open the invoice again, look at what was changed, and decide again.',
  'clear.after-export':
    'Settle what is in conflict; where the export was wrong, correct the bill in the program it went to.',
  'clear.report-defect': 'Report it with the diagnostics file; the other rules have judged.',
} as const;
