/** ISO 4217: the active currency codes and their decimals (list one of the maintenance agency; funds codes and metals left out). */

const BY_DIGITS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP ' +
    'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR ' +
    'KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN ' +
    'PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD ' +
    'TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DIGITS: ReadonlyMap<string, number> = new Map(
  Object.entries(BY_DIGITS).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
);

/** Decimals of the currency's minor unit; undefined where the code is none. */
export const currencyDigits = (code: string): number | undefined => DIGITS.get(code);
export const isCurrency = (code: string): boolean => DIGITS.has(code);
export const CURRENCIES: readonly string[] = [...DIGITS.keys()].toSorted();

/** One minor unit as a canonical decimal: "0.01" for EUR, "1" for JPY; "0.01" where the currency is unknown. */
export function minorUnit(code: string | null | undefined): string {
  const digits = currencyDigits(code ?? '') ?? 2;
  return digits === 0 ? '1' : `0.${'0'.repeat(digits - 1)}1`;
}
