/**
 * Archives for measuring and for tests: invoices of five lines and four corrections from 300 vendors, as the station would have written them. One seed,
 * one archive.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DocumentInfo, Invoice } from '../../core/contract/invoice.ts';
import { type ReadCell, Reading } from '../../core/contract/reading.ts';
import { addDays, dateOfDay } from '../../core/invoice/date.ts';
import { add, divide, multiply, round } from '../../core/invoice/decimal.ts';
import { pendingOp } from '../../core/invoice/log.ts';
import { project } from '../../core/invoice/project.ts';
import { withFindings } from '../../core/invoice/status.ts';
import {
  type Author,
  documentAddedOp,
  fieldSetOp,
  invoiceCreatedOp,
  readingRecordedOp,
  transitionOp,
} from '../../core/sync/drafts.ts';
import { rowId, uuid7 } from '../../core/sync/ids.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { createRandom, type Random } from '../random.ts';
import { plainPdf } from './plain-pdf.ts';
import { makeVendors, type Vendor } from './vendors.ts';

export const LINES = 5;
export const VENDORS = 300;
/** 2021-01-01: the first invoice's day. */
const FIRST_DAY = 18_628;
const DAY_MS = 86_400_000;
/** Time between two invoices. */
const STEP_MS = 23 * 60_000;
/** Of a hundred invoices of an archive this many are still open. */
const OPEN_PERCENT = 4;

const ARTICLES =
  'Kabeltrommel Montageset Toner Kopierpapier Prüfgerät Leuchtmittel Dichtung Lizenz Wartung Transport Schraubensatz'.split(
    ' ',
  );

const hashOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface ArchivedInvoice {
  readonly invoice: Invoice;
  readonly ops: readonly OpDraft[];
  readonly document: DocumentInfo;
  /** The original: a small PDF. */
  readonly original: Buffer;
  readonly reading: Reading;
  /** As kept: gzip of the reading's JSON. */
  readonly readingBlob: Buffer;
  readonly at: string;
}

export interface Archive {
  next(): ArchivedInvoice;
}

interface Truth {
  readonly vendor: Vendor;
  readonly number: string;
  readonly issueDate: string;
  readonly dueDate: string;
  readonly poNumber: string;
  readonly lines: readonly { description: string; quantity: string; unitPrice: string; lineTotal: string }[];
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
}

export function createArchive(seed: number, openPercent = OPEN_PERCENT): Archive {
  const random = createRandom(seed);
  const vendors = makeVendors(random, VENDORS);
  let at = 0;
  return {
    next() {
      const ms = FIRST_DAY * DAY_MS + at * STEP_MS;
      at += 1;
      const truth = truthOf(random, random.pick(vendors), at, ms);
      return makeInvoice({ random, truth, at, ms, open: random.integer(1, 100) <= openPercent });
    },
  };
}

function truthOf(random: Random, vendor: Vendor, at: number, ms: number): Truth {
  const issueDate = dateOfDay(Math.floor(ms / DAY_MS));
  const lines = Array.from({ length: LINES }, () => {
    const quantity = String(random.integer(1, 40));
    const unitPrice = divide(String(random.integer(100, 90_000)), '100', 2) ?? '1';
    const description = `${random.pick(ARTICLES)} ${random.integer(100, 999)}`;
    return { description, quantity, unitPrice, lineTotal: multiply(quantity, unitPrice) };
  });
  const net = add(...lines.map((line) => line.lineTotal));
  const tax = round(divide(multiply(net, vendor.taxRate), '100', 6) ?? '0', 2);
  return {
    vendor,
    number: `RE-${issueDate.slice(0, 4)}-${String(10_000 + at)}`,
    issueDate,
    dueDate: addDays(issueDate, 30),
    poNumber: `PO-${random.integer(1_000, 9_999)}`,
    lines,
    net,
    tax,
    gross: add(net, tax),
  };
}

const cell = (value: string, confidence = 0.97): ReadCell => {
  // Where it stands on the page does not matter, but that boxes differ does: they are most of a reading's size.
  const place = hashOf(value).slice(0, 8);
  const [x, y] = [Number.parseInt(place.slice(0, 4), 16) % 8_000, Number.parseInt(place.slice(4), 16) % 9_500];
  return {
    value,
    text: value,
    page: 1,
    box: [x, y, x + 1_200, y + 160],
    source: 'text',
    confidence,
    reasons: ['label'],
    candidates: [],
  };
};

/** The reading gets four things wrong; the corrections put them right. */
function readingOf(truth: Truth, document: string): Reading {
  const { vendor } = truth;
  return Reading.parse({
    v: 1,
    engineVersion: 'archive-1',
    document,
    source: 'text',
    language: 'de',
    pages: [{ page: 1, width: 595, height: 842, source: 'text', words: [] }],
    header: {
      documentType: cell('invoice'),
      invoiceNumber: cell(truth.number.replace('RE-', 'RE-O'), 0.6),
      issueDate: cell(truth.issueDate),
      dueDate: cell(truth.issueDate, 0.5),
      currency: cell('EUR'),
      vendorName: cell(vendor.name),
      vendorAddress: cell(vendor.address),
      vendorTaxId: cell(vendor.taxId),
      vendorIban: cell(vendor.iban),
      buyerName: cell('Beispielwerke AG'),
      netTotal: cell(truth.net),
      taxTotal: cell(truth.tax),
      grossTotal: cell(truth.gross),
      amountDue: cell(truth.gross),
    },
    lines: truth.lines.map((line, row) => ({
      row,
      page: 1,
      box: [500, 3_000 + row * 300, 9_500, 3_200 + row * 300],
      cells: {
        position: cell(String(row + 1)),
        description: cell(row === 0 ? `${line.description}.` : line.description),
        quantity: cell(line.quantity),
        unitPrice: cell(line.unitPrice),
        taxRate: cell(vendor.taxRate),
        lineTotal: cell(line.lineTotal),
      },
    })),
    taxRows: [{ row: 0, cells: { rate: cell(vendor.taxRate), base: cell(truth.net), amount: cell(truth.tax) } }],
    notes: [],
  });
}

const originalOf = (truth: Truth): Buffer =>
  plainPdf([
    truth.vendor.name,
    ...truth.vendor.address.split('\n'),
    `Rechnung ${truth.number} vom ${truth.issueDate}, Bestellung ${truth.poNumber}`,
    ...truth.lines.map((line) => `${line.quantity} x ${line.description} zu ${line.unitPrice} = ${line.lineTotal}`),
    `Netto ${truth.net}, Steuer ${truth.tax}, Gesamt ${truth.gross} EUR, zahlbar bis ${truth.dueDate}`,
    `${truth.vendor.taxId} ${truth.vendor.iban}`,
  ]);

interface Ids {
  readonly id: () => string;
  readonly author: (actor: string) => Author;
}

function idsOf(random: Random, ms: number): Ids {
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.integer(0, 255));
  let tick = 0;
  const id = (): string => {
    tick += 1;
    return uuid7(ms + tick, bytes(10));
  };
  return { id, author: (actor) => ({ opId: id(), actor, salt: Buffer.from(bytes(32)).toString('hex') }) };
}

interface Recipe {
  readonly random: Random;
  readonly truth: Truth;
  readonly at: number;
  readonly ms: number;
  readonly open: boolean;
}

function makeInvoice({ random, truth, at, ms, open }: Recipe): ArchivedInvoice {
  const { id: nextId, author } = idsOf(random, ms);
  const original = originalOf(truth);
  const document: DocumentInfo = {
    sha256: hashOf(original),
    name: `${truth.number}.pdf`,
    mime: 'application/pdf',
    size: original.length,
    kind: 'pdf',
  };
  const id = nextId();
  const reading = readingOf(truth, document.sha256);
  const readingBlob = gzipSync(JSON.stringify(reading), { level: 1 });
  const added = documentAddedOp(author('local:archive'), document.sha256, { ...document, channel: 'archive' });
  const recorded = readingRecordedOp(author('service:read'), id, {
    document: document.sha256,
    engineVersion: reading.engineVersion,
    pages: 1,
    blob: hashOf(readingBlob),
  });
  const line = { type: 'line' as const, id: rowId(hashOf, recorded.op_id, 'line', 0) };
  const set = (field: string, value: string, entity: typeof line | { type: 'invoice'; id: string }): OpDraft =>
    fieldSetOp(author('local:archive'), id, { entity, field, value, parents: [recorded.op_id], source: 'manual' });
  const self = { type: 'invoice' as const, id };
  const ops = [
    invoiceCreatedOp(author('local:archive'), id, { document: document.sha256 }),
    recorded,
    set('invoiceNumber', truth.number, self),
    set('dueDate', truth.dueDate, self),
    set('poNumber', truth.poNumber, self),
    set('description', truth.lines[0]?.description ?? '', line),
  ];
  for (const [from, to] of open
    ? []
    : ([
        ['received', 'confirmed'],
        ['confirmed', 'approved'],
        ['approved', 'exported'],
      ] as const)) {
    ops.push(transitionOp(author('local:archive'), id, { from, to, digest: hashOf(`${id} ${to}`) }));
  }
  const time = new Date(ms).toISOString();
  const seen = ops.map((op) => pendingOp(op, time));
  const bare = project({ id, ops: seen, readings: new Map([[recorded.op_id, reading]]), document }, hashOf);
  const doubts = open && at % 2 === 0 ? [{ entity: self, field: 'buyerName' }] : [];
  const invoice = withFindings(bare, [], { rules: 'archive', today: truth.issueDate }, doubts);
  return { invoice, ops: [added, ...ops], document, original, reading, readingBlob, at: time };
}
