/** One sentence per finding, the numbers substituted. Key: `finding.<code>` or `finding.<code>.<variant>`. */
export const findings = {
  'finding.NO_LINE_ITEMS': 'No line items were read.',
  'finding.MISSING_REQUIRED_FIELD': '{field:field} is missing.',
  'finding.INVALID_FIELD_FORMAT': '{field:field}: “{value}” is not in the form this field has.',
  'finding.INVALID_FIELD_FORMAT.date': '{field:field}: “{value}” is no date.',
  'finding.INVALID_FIELD_FORMAT.number': '{field:field}: “{value}” is no number.',
  'finding.INVALID_FIELD_FORMAT.code': '{field:field}: “{value}” is none of its codes.',
  'finding.INVALID_FIELD_FORMAT.bic': '“{value}” is no BIC (8 or 11 characters: bank, country, place, branch).',
  'finding.INVALID_FIELD_FORMAT.email': '“{value}” is no e-mail address.',
  'finding.INVALID_DATA_STRUCTURE': 'The invoice is not built as one.',
  'finding.INVALID_DATA_STRUCTURE.not-a-bill':
    'This document is a {type:documentType}, not an invoice: it must not become a bill.',
  'finding.INVALID_DATA_STRUCTURE.empty-line': 'Line {line} is empty.',
  'finding.INVALID_DATA_STRUCTURE.xml-refused':
    'The e-invoice inside the PDF ({name}) could not be read ({detail}); the page was read instead.',
  'finding.INVALID_AMOUNT':
    '{field:field}: {value:number} has more decimals than {currency} has ({digits}); it was not rounded.',
  'finding.INVALID_CURRENCY': '“{value}” is no currency code of ISO 4217.',
  'finding.LOW_CONFIDENCE': '{field:field} “{value:cell}” was read with {confidence:percent} confidence only.',
  'finding.LOW_CONFIDENCE.lines':
    '{count} {count:plural:value|values} in {lineCount:plural:line|lines} {lines} {count:plural:was|were} read with low confidence.',
  'finding.LOW_CONFIDENCE.ambiguous-date':
    '{field:field} “{text}” can be {value:date} or {other:date}; nothing on the document decides it.',
  'finding.DOCUMENT_QUALITY_POOR': 'Page {page} is hard to read; parts of it may be missing.',
  'finding.DOCUMENT_QUALITY_POOR.coverage':
    'Page {page}: only {coverage:percent} of what looks like text could be read.',
  'finding.DOCUMENT_QUALITY_POOR.page': 'Page {page} could not be read: {reason:reason}.',
  'finding.EXTRACTION_ERROR': 'The document could not be read: {reason:reason}.',
  'finding.EXTRACTION_ERROR.nothing': 'The document was read, but nothing on it looks like an invoice.',
  'finding.STORAGE_ERROR': 'The document could not be kept: {detail}.',
  'finding.LINE_MATH_MISMATCH':
    'Line {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, the line says {actual:amount}.',
  'finding.LINE_MATH_MISMATCH.base':
    'Line {line}: {quantity:number} × {unitPrice:price} per {base:number} = {expected:amount}, the line says {actual:amount}.',
  'finding.LINE_MATH_MISMATCH.discount':
    'Line {line}: {quantity:number} × {unitPrice:price} − {discount:amount} = {expected:amount}, the line says {actual:amount}.',
  'finding.LINE_MATH_MISMATCH.price-base':
    'Line {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, the line says {actual:amount}; it would agree for a price per {base:number}.',
  'finding.LINE_MATH_MISMATCH.rounded-price':
    'Line {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, the line says {actual:amount}; the printed price looks rounded.',
  'finding.LINE_MATH_MISMATCH.returned':
    'Line {line}: {quantity:number} × {unitPrice:price} = {expected:amount}, the line says {actual:amount}: goods taken back?',
  'finding.SUBTOTAL_MISMATCH':
    'The lines add up to {expected:amount}, the net total says {actual:amount} (difference {difference:amount}).',
  'finding.SUBTOTAL_MISMATCH.adjusted':
    'Lines {sum:amount} − allowances {allowances:amount} + charges {charges:amount} = {expected:amount}, the net total says {actual:amount}.',
  'finding.SUBTOTAL_MISMATCH.line-sum':
    'The lines add up to {expected:amount}, the sum of lines says {actual:amount} (difference {difference:amount}).',
  'finding.SUBTOTAL_MISMATCH.document':
    'Sum of lines {sum:amount} − allowances {allowances:amount} + charges {charges:amount} = {expected:amount}, the net total says {actual:amount}.',
  'finding.TOTAL_MISMATCH':
    'Net {net:amount} + tax {tax:amount} = {expected:amount}, the total says {actual:amount} (difference {difference:amount}).',
  'finding.TOTAL_MISMATCH.rates':
    'Net {net:amount} + tax at the rates of the lines {tax:amount} = {expected:amount}, the total says {actual:amount} (difference {difference:amount}).',
  'finding.TOTAL_MISMATCH.due':
    'Total {gross:amount} − prepaid {prepaid:amount} + rounding {rounding:amount} = {expected:amount}, the amount due says {actual:amount}.',
  'finding.TOTAL_MISMATCH.withheld':
    'Total {gross:amount} − prepaid {prepaid:amount} + rounding {rounding:amount} − withheld tax {withheld:amount} = {expected:amount}, the amount due says {actual:amount}.',
  'finding.TAX_CALCULATION_ERROR':
    '{rate:number} % of {base:amount} = {expected:amount}, the invoice says {actual:amount}.',
  'finding.TAX_CALCULATION_ERROR.sum':
    'The taxes by rate add up to {expected:amount}, the tax total says {actual:amount}.',
  'finding.TAX_CALCULATION_ERROR.base':
    'The amounts taxed by rate add up to {expected:amount}, the net total says {actual:amount}.',
  'finding.DUE_BEFORE_ISSUE': 'Due on {due:date}, {days} {days:plural:day|days} before it was issued ({issue:date}).',
  'finding.FUTURE_DATE': '{field:field} {date:date} lies {days} {days:plural:day|days} after today ({today:date}).',
  'finding.OLD_INVOICE': 'Issued on {date:date}, {days} days ago (limit {limit}).',
  'finding.INVALID_TAX_ID': 'Tax id “{value}” of {party:party} is wrong: its check digits do not fit ({country}).',
  'finding.INVALID_TAX_ID.form': 'Tax id “{value}” of {party:party} does not have the form of {country}.',
  'finding.INVALID_IBAN': 'IBAN “{value}” is wrong: its check digits do not fit.',
  'finding.INVALID_IBAN.country': 'IBAN “{value}” is wrong: no country with IBANs has the code {country}.',
  'finding.INVALID_IBAN.length': 'IBAN “{value}” is wrong: {country} has {expected} characters, here are {actual}.',
  'finding.INVALID_IBAN.form': 'IBAN “{value}” is wrong: it does not have the form of {country}.',
  'finding.XML_PAGE_MISMATCH': '{field:field}: the XML says “{xml:cell}”, the page says “{page:cell}”.',
  'finding.XML_PAGE_MISMATCH.absent': '{field:field}: the XML says “{xml:cell}”, which the page does not show.',
  'finding.BANK_DETAILS_CHANGED': 'This vendor’s confirmed invoices name another account: {known:iban}.',
  'finding.CODE_DIFFERS': '{field:field}: the payment code says “{code:cell}”, the page says “{print:cell}”.',
  'finding.CODE_DIFFERS.invalid':
    'The {scheme:codeScheme} on page {page} breaks its standard ({problem:codeProblem}); what is wrong in it was not used.',
  'finding.TEXT_LAYER_MISMATCH':
    '{field:field}: the text of the PDF says “{value:cell}”, but page {page} shows “{seen}”.',
  'finding.TEXT_LAYER_MISMATCH.unseen':
    '{field:field}: the text of the PDF says “{value:cell}”, but nothing of it can be seen on page {page}.',
  'finding.TEXT_LAYER_MISMATCH.beside':
    '{field:field}: the PDF also holds “{value:cell}” on page {page}, hidden from the eye.',
  'finding.DUPLICATE_INVOICE': 'Invoice {number} of {vendor} is here already: {name} ({status:status}).',
  'finding.DUPLICATE_INVOICE.later': 'Invoice {number} of {vendor} came in a second time: {name} ({status:status}).',
  'finding.DUPLICATE_INVOICE.same-file':
    'The same file is here already, from another station: {name} ({status:status}).',
  'finding.DUPLICATE_INVOICE.same-file-later':
    'The same file came in a second time, on another station: {name} ({status:status}).',
  'finding.DUPLICATE_SUSPECT.amount':
    'Looks like {number} of {vendor}: same amount {gross:money}, issued on {date:date} ({name}, {status:status}).',
  'finding.DUPLICATE_SUSPECT.number':
    'Number {value} looks like {number} of {vendor} ({name}, {status:status}): only signs, zeros or one character differ.',
  'finding.DUPLICATE_SUSPECT.number-amount':
    'Same number {number} and same amount {gross:money} as {name} ({status:status}), but the vendor reads “{vendor}” there.',
  'finding.CHANGED_AFTER_DECISION':
    'Changed after it was decided ({count}), by somebody who had not seen the decision.',
  'finding.CHANGED_AFTER_DECISION.exported':
    'Changed after it was exported ({count}), by somebody who had not seen the export: what went out says otherwise.',
  'finding.VALIDATION_ERROR.stopped': 'The rules did not come to an end ({reason:reason}); nothing was judged.',
  'finding.VALIDATION_ERROR': 'The rule {rule} failed and judged nothing: {message}. This is a defect of the program.',
} as const;
