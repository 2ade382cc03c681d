/** For tests and benches: documents made on the spot, and a client that speaks to a real server by the contract. */
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface TestLine {
  readonly description: string;
  readonly quantity: number;
  readonly price: number;
}

export interface TestInvoice {
  readonly number: string;
  readonly vendor?: string;
  readonly lines?: readonly TestLine[];
  /** Cents added to the printed total: a wrong total. */
  readonly wrongBy?: number;
  readonly pages?: number;
}

const money = (cents: number): string => (cents / 100).toFixed(2);

/** A plain digital invoice in English, the kind that every reader has to manage. */
export async function invoicePdf(invoice: TestInvoice): Promise<Uint8Array> {
  const { number, vendor = 'Northwind Paper Ltd', wrongBy = 0, pages = 1 } = invoice;
  const lines = invoice.lines ?? [
    { description: 'Copy paper A4', quantity: 10, price: 450 },
    { description: 'Toner black', quantity: 2, price: 8_900 },
  ];
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const put = (page: ReturnType<typeof pdf.addPage>, text: string, x: number, y: number): void =>
    page.drawText(text, { x, y, size: 10, font });
  const first = pdf.addPage([595, 842]);
  put(first, vendor, 50, 790);
  put(first, '12 Mill Lane, Leeds LS1 4AB, United Kingdom', 50, 776);
  put(first, 'VAT No: GB980780684', 50, 762);
  put(first, 'INVOICE', 400, 790);
  put(first, `Invoice number: ${number}`, 400, 770);
  put(first, 'Invoice date: 12 March 2026', 400, 756);
  put(first, 'Due date: 11 April 2026', 400, 742);
  put(first, 'Bill to: Harbour Street Clinic, 4 Harbour Street, Bristol BS1 5DB', 50, 720);
  put(first, 'Description', 50, 680);
  put(first, 'Qty', 320, 680);
  put(first, 'Unit price', 380, 680);
  put(first, 'Amount', 480, 680);
  let y = 662;
  let net = 0;
  for (const line of lines) {
    net += line.quantity * line.price;
    put(first, line.description, 50, y);
    put(first, String(line.quantity), 320, y);
    put(first, money(line.price), 380, y);
    put(first, money(line.quantity * line.price), 480, y);
    y -= 16;
  }
  const tax = Math.round(net * 0.2);
  const rows = [
    ['Net total', money(net)],
    ['VAT 20%', money(tax)],
    ['Total GBP', money(net + tax + wrongBy)],
  ] as const;
  for (const [label, amount] of rows) {
    y -= 16;
    put(first, label, 380, y);
    put(first, amount, 480, y);
  }
  put(first, 'Please pay by bank transfer to IBAN GB33BUKB20201555555555', 50, 120);
  for (let page = 2; page <= pages; page += 1)
    put(
      pdf.addPage([595, 842]),
      `Terms and conditions of sale, page ${page} of ${pages}. All goods remain ours until paid.`,
      50,
      790,
    );
  pdf.setCreationDate(new Date(0));
  pdf.setModificationDate(new Date(0));
  return pdf.save();
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  // The caller names the contract's type, as with `Response.json()`.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  json<T = Record<string, unknown>>(): T;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: Uint8Array | string;
}

export type Place =
  | { readonly port: number; readonly token: string }
  | { readonly socket: string; readonly token?: string };

/** Plain HTTP, so that tests choose every header themselves. Rejects where the connection breaks. */
export function ask(place: Place, path: string, asked: Asked = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = asked.json === undefined ? asked.body : JSON.stringify(asked.json);
    const headers: Record<string, string | number> = {
      host: 'port' in place ? `127.0.0.1:${place.port}` : 'app',
      ...(place.token === undefined ? {} : { authorization: `Bearer ${place.token}` }),
      ...(asked.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...asked.headers,
    };
    const where = 'port' in place ? { host: '127.0.0.1', port: place.port } : { socketPath: place.socket };
    const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
    const sent = httpRequest({ ...where, path, method, headers, setHost: false, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          bytes,
          json: () => JSON.parse(bytes.toString('utf8')),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** multipart/form-data written by hand: names go over the wire exactly as given. */
export function multipart(files: readonly NamedBytes[]): { body: Buffer; type: string } {
  const boundary = 'ap-test-boundary-7d93b1f0';
  const parts = files.flatMap(({ name, bytes }) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

export function upload(place: Place, files: readonly NamedBytes[], key?: string): Promise<Reply> {
  const { body, type } = multipart(files);
  const headers = { 'content-type': type, ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return ask(place, '/api/v1/invoices/upload', { body, headers });
}
