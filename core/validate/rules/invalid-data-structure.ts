import type { Line } from '../../contract/invoice.ts';
import { isBill, lineLabel, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

const isEmpty = (line: Line): boolean => Object.values(line.cells).every((cell) => !cell?.value);

/** The parts do not make an invoice: another kind of document, or a line without anything in it. */
export const invalidDataStructure: Rule = {
  code: 'INVALID_DATA_STRUCTURE',
  version: 1,
  needs: [],
  judge(invoice) {
    const kind = isBill(invoice)
      ? []
      : [
          says(this, invoice, {
            severity: 'error',
            cells: [{ entity: { type: 'invoice', id: invoice.id }, field: 'documentType' }],
            variant: 'not-a-bill',
            params: { type: value(invoice, 'documentType') ?? '' },
            clear: 'not-a-bill',
          }),
        ];
    const empty = invoice.lines.filter(isEmpty).map((line) =>
      says(this, invoice, {
        severity: 'warning',
        cells: [{ entity: { type: 'line', id: line.id }, field: 'description' }],
        variant: 'empty-line',
        params: { line: lineLabel(invoice, line) },
        clear: 'remove-line',
      }),
    );
    // The XML of an e-invoice is the invoice itself; a page that stands in for it may say less or something else.
    const refused = (invoice.reading?.notes ?? [])
      .filter(({ code }) => code === 'EMBEDDED_XML_REFUSED')
      .map(({ params: { name = '', detail = '' } }) =>
        says(this, invoice, {
          severity: 'warning',
          cells: [],
          variant: 'xml-refused',
          params: { name, detail },
          clear: 'ask-einvoice',
        }),
      );
    return [...kind, ...refused, ...empty];
  },
};
