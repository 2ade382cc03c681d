/** Invented companies. Tax ids and accounts have right check digits in ranges that are not given out (999...) or are examples of the IBAN registry. */
import type { Party } from './model.ts';

export const NORDLICHT: Party = {
  name: 'Nordlicht Papier GmbH',
  street: 'Speicherkai 14',
  city: '20457 Hamburg',
  countryCode: 'DE',
  taxId: 'DE999000025',
  iban: 'DE26999123450000017001',
  bic: 'NDLBDEHHXXX',
  bank: 'Elbufer Bank',
  email: 'rechnung@nordlicht-papier.example',
  phone: '+49 40 5550 1420',
  web: 'www.nordlicht-papier.example',
  register: 'HRB 990017 Hamburg\nGF: Imke Sörensen',
};

export const STEINBERG: Party = {
  name: 'Steinberg Kältetechnik OHG',
  street: 'Am Mühlgraben 3',
  city: '99084 Erfurt',
  countryCode: 'DE',
  taxId: 'DE999000130',
  iban: 'DE52999123450000024002',
  bic: 'STBGDEEFXXX',
  bank: 'Gera-Aue Bank',
  email: 'buero@steinberg-kaelte.example',
  phone: '+49 361 5550 330',
  register: 'HRA 990112 Jena',
};

export const HARROWGATE: Party = {
  name: 'Harrowfield Instruments Ltd',
  street: 'Unit 7, Calder Works',
  city: 'Leeds LS10 9XX',
  countryCode: 'GB',
  taxId: 'GB999000060',
  iban: 'GB29NWBK60161331926819',
  bic: 'HRFDGB2LXXX',
  bank: 'Aire Valley Bank',
  email: 'accounts@harrowfield.example',
  phone: '+44 113 496 0199',
  register: 'Registered in England No. 00999117',
};

export const BLUE_MESA: Party = {
  name: 'Blue Mesa Supply Co.',
  street: '4120 Juniper Flats Road',
  city: 'Durango, CO 81301',
  countryCode: 'US',
  email: 'billing@bluemesa.example',
  phone: '(970) 555-0142',
  register: 'Federal EIN 00-0990142',
  registeredTaxId: '00-0990142',
};

export const CORVANE: Party = {
  name: 'Atelier Corvane SARL',
  street: '8 rue des Tanneurs',
  city: '69009 Lyon',
  countryCode: 'FR',
  taxId: 'FR66999000011',
  iban: 'FR1420041010050500013M02606',
  bic: 'CRVNFRPPXXX',
  bank: 'Banque des Pentes',
  email: 'compta@corvane.example',
  phone: '04 65 71 00 18',
  web: 'www.corvane.example',
  register: 'SIREN 999 000 011\nCapital 20 000 €',
};

export const MARISOL: Party = {
  name: 'Cerámicas Marisol S.L.',
  street: 'Calle del Alfar 22',
  city: '12540 Vila-real',
  countryCode: 'ES',
  taxId: 'ESB99900011',
  iban: 'ES9121000418450200051332',
  bic: 'MRSLESMMXXX',
  bank: 'Caja del Alfar',
  email: 'facturas@marisol.example',
  phone: '964 550 118',
  register: 'Reg. Merc. Castellón, T. 990, F. 12',
};

export const BRENTALE: Party = {
  name: 'Officina Brentale S.r.l.',
  street: 'Via dei Fonditori 9',
  city: '36061 Bassano del Grappa (VI)',
  countryCode: 'IT',
  taxId: 'IT09990000029',
  iban: 'IT60X0542811101000000123456',
  bic: 'BRNTIT22XXX',
  email: 'amministrazione@brentale.example',
  phone: '0424 555 0177',
  register: 'REA VI-990177',
};

export const WATERKANT: Party = {
  name: 'Waterkant Verpakkingen B.V.',
  street: 'Havenweg 31',
  city: '3089 JK Rotterdam',
  countryCode: 'NL',
  taxId: 'NL999000007B01',
  iban: 'NL91ABNA0417164300',
  bic: 'WTKTNL2AXXX',
  bank: 'Maasbank',
  email: 'administratie@waterkant.example',
  phone: '010 555 0163',
  register: 'KvK 99900163',
};

export const ALPENBLICK: Party = {
  name: 'Alpenblick Treuhand AG',
  street: 'Bundesgasse 99',
  city: '3011 Bern',
  countryCode: 'CH',
  taxId: 'CHE-999.000.019 MWST',
  iban: 'CH9300762011623852957',
  bic: 'ALPBCHBBXXX',
  bank: 'Aarebank',
  email: 'info@alpenblick.example',
  phone: '+41 31 555 01 88',
  register: 'CH-035.3.999.019-1',
};

export const AOZORA: Party = {
  name: 'Aosora Components K.K.',
  street: '3-99-1 Minami-Horie, Nishi-ku',
  city: 'Osaka 550-0099',
  countryCode: 'JP',
  email: 'ar@aosora.example',
  phone: '+81 6 5550 0119',
  bank: 'Yodogawa Bank, Minami branch 999\nOrdinary account 0099017, Aosora Components K.K.',
  register: 'Registration No. T9990001000017',
  registeredTaxId: 'T9990001000017',
};

export const LISCARROLL: Party = {
  name: 'Liscarroll Catering',
  street: '2 Mill Lane',
  city: 'Cork T12 X999',
  countryCode: 'IE',
  taxId: 'IE9990001G',
  iban: 'IE29AIBK93115212345678',
  bic: 'LSCRIE2DXXX',
  bank: 'Lee Valley Bank',
  email: 'hello@liscarroll.example',
  phone: '+353 21 555 0134',
};

export const FALKENHAGEN: Party = {
  name: 'Falkenhagen Büromöbel KG',
  street: 'Industriestraße 88',
  city: '33609 Bielefeld',
  countryCode: 'DE',
  taxId: 'DE999000172',
  iban: 'DE39999554010003300417',
  bic: 'FLKHDE3BXXX',
  bank: 'Teuto Bank',
  email: 'faktura@falkenhagen.example',
  phone: '+49 521 5550 880',
  register: 'HRA 990417 Bielefeld',
};

export const KESTREL: Party = {
  name: 'Kestrel Cloud Hosting Ltd',
  street: '40 Foundry Court',
  city: 'Bristol BS1 9XX',
  countryCode: 'GB',
  taxId: 'GB999000201',
  iban: 'GB57XXXX99900012345678',
  bic: 'KSTRGB22XXX',
  bank: 'Severn Bank',
  email: 'billing@kestrel-cloud.example',
  phone: '+44 117 496 0144',
  register: 'Company No. 00999144',
};

export const TANNENHOF: Party = {
  name: 'Tannenhof Sägewerk e.K.',
  street: 'Forstweg 1',
  city: '78099 Waldau',
  countryCode: 'DE',
  taxId: 'DE999000228',
  iban: 'DE70999300200071170500',
  bic: 'TNNHDE6FXXX',
  bank: 'Schwarzwald Bank',
  email: 'info@tannenhof-holz.example',
  phone: '07669 5550 12',
};

/** Who all these invoices are for. */
export const BUYER_DE: Party = {
  name: 'Lindenau Werke GmbH',
  street: 'Fabrikstraße 40',
  city: '04177 Leipzig',
  countryCode: 'DE',
  taxId: 'DE999000277',
};
export const BUYER_UK: Party = {
  name: 'Lindenau Works UK Ltd',
  street: '12 Tannery Row',
  city: 'Manchester M4 9XX',
  country: 'United Kingdom',
  countryCode: 'GB',
  taxId: 'GB999000243',
};
export const BUYER_US: Party = {
  name: 'Lindenau Works Inc.',
  street: '900 Foundry Avenue',
  city: 'Boulder, CO 80301',
  countryCode: 'US',
};
export const abroad = (country: string): Party => ({ ...BUYER_DE, country });
