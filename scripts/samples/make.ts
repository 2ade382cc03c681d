/** Which sample is drawn in which layout, and as what kind of file. The numbers put first what a new user should see first. */
import * as digital from './catalogue-digital.ts';
import * as pictures from './catalogue-pictures.ts';
import { bilevelTiff, mail, withXml } from './containers.ts';
import { band } from './layouts/band.ts';
import { boxed } from './layouts/boxed.ts';
import { ledger } from './layouts/ledger.ts';
import { letter } from './layouts/letter.ts';
import { receipt } from './layouts/receipt.ts';
import { sidebar } from './layouts/sidebar.ts';
import { typed } from './layouts/typed.ts';
import type { Sample, Totals } from './model.ts';
import type { Pen } from './pen.ts';
import { faxed, greyPng, imagePdf, photographed, renderPages, scanned } from './picture.ts';
import { totalsOf } from './totals.ts';
import { truthOf } from './truth.ts';
import type { Truth } from './truth.ts';
import { toCii, toUbl } from './xml.ts';

export interface Made {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly truth: Truth;
}

type Layout = (sample: Sample, totals: Totals) => Promise<Pen>;

interface Recipe {
  readonly file: string;
  readonly sample: Sample;
  readonly make: (sample: Sample, totals: Totals) => Promise<Uint8Array>;
}

const save = (pen: Pen): Promise<Uint8Array> => pen.document.save({ useObjectStreams: false });
const pdf = (layout: Layout) => async (sample: Sample, totals: Totals) => save(await layout(sample, totals));
const timesLetter: Layout = (sample, totals) => letter(sample, totals, 'times');
const helveticaSidebar: Layout = (sample, totals) => sidebar(sample, totals, 'helvetica');

const SCAN_DPI = 200;

export const RECIPES: readonly Recipe[] = [
  { file: '01-nordlicht-papier.pdf', sample: digital.paper, make: pdf(letter) },
  { file: '02-steinberg-scan.pdf', sample: pictures.cooling, make: scan },
  { file: '03-harrowfield-wrong-total.pdf', sample: digital.instruments, make: pdf(band) },
  { file: '04-corvane-facture.pdf', sample: digital.corvane, make: pdf(sidebar) },
  { file: '05-nordlicht-zugferd.pdf', sample: pictures.zugferd, make: zugferd },
  {
    file: '06-waterkant-ubl.xml',
    sample: pictures.packaging,
    make: async (sample, totals) => encode(toUbl(sample, totals)),
  },
  { file: '07-blue-mesa-supply.pdf', sample: digital.mesa, make: pdf(ledger) },
  { file: '08-nordlicht-zweitschrift.pdf', sample: digital.paperAgain, make: pdf(letter) },
  { file: '09-waterkant-creditnota.pdf', sample: digital.creditNote, make: pdf(typed) },
  { file: '10-falkenhagen-47-positionen.pdf', sample: digital.furniture, make: pdf(letter) },
  { file: '11-marisol-factura.pdf', sample: digital.marisol, make: pdf(helveticaSidebar) },
  { file: '12-brentale-fattura.pdf', sample: digital.brentale, make: pdf(boxed) },
  { file: '13-alpenblick-chf.pdf', sample: digital.alpenblick, make: pdf(timesLetter) },
  { file: '14-aosora-jpy.pdf', sample: digital.aosora, make: pdf(band) },
  { file: '15-kestrel-mail.eml', sample: digital.hosting, make: message },
  { file: '16-liscarroll-photo.jpg', sample: pictures.catering, make: photo },
  { file: '17-old-slipway-receipt.png', sample: pictures.bistro, make: till },
  { file: '18-tannenhof-fax.tif', sample: pictures.sawmill, make: fax },
];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function scan(sample: Sample, totals: Totals): Promise<Uint8Array> {
  const pages = await renderPages(await pdf(timesLetter)(sample, totals), SCAN_DPI);
  const images = await Promise.all(pages.map((page, index) => scanned(page, 11 + index, 0.7)));
  return imagePdf(images, SCAN_DPI);
}

async function photo(sample: Sample, totals: Totals): Promise<Uint8Array> {
  const [page] = await renderPages(await pdf(band)(sample, totals), 230);
  if (page === undefined) throw new Error('no page to photograph');
  return photographed(page, 23);
}

async function till(sample: Sample, totals: Totals): Promise<Uint8Array> {
  const [page] = await renderPages(await pdf(receipt)(sample, totals), 300);
  if (page === undefined) throw new Error('no receipt');
  return greyPng(page);
}

async function fax(sample: Sample, totals: Totals): Promise<Uint8Array> {
  const pages = await renderPages(await pdf(typed)(sample, totals), SCAN_DPI);
  return bilevelTiff(await Promise.all(pages.map((page, index) => faxed(page, 31 + index))), SCAN_DPI);
}

async function zugferd(sample: Sample, totals: Totals): Promise<Uint8Array> {
  const pen = await letter(sample, totals);
  await withXml(pen.document, toCii(sample, totals));
  return save(pen);
}

async function message(sample: Sample, totals: Totals): Promise<Uint8Array> {
  const text = mail({
    from: 'Kestrel Cloud Billing <billing@kestrel-cloud.example>',
    to: 'ap@lindenau.example',
    subject: `Your invoice ${sample.number}`,
    text: 'Dear customer,\r\n\r\nplease find your invoice for September attached.\r\n\r\nKestrel Cloud Hosting Ltd',
    attachment: { name: `invoice-${sample.number}.pdf`, bytes: await pdf(band)(sample, totals) },
  });
  return encode(text);
}

/** One sample, or all of them. */
export async function makeSamples(wanted: (file: string) => boolean = () => true): Promise<Made[]> {
  const made: Made[] = [];
  for (const { file, sample, make } of RECIPES) {
    if (!wanted(file)) continue;
    const totals = totalsOf(sample);
    made.push({ file, bytes: await make(sample, totals), truth: truthOf(sample, totals) });
  }
  return made;
}
