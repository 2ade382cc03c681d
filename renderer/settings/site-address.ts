/** An address as people say it: what is encrypted needs no word for it, what is not says so. */
export const addressName = (address: string): string =>
  address.startsWith('https://') && URL.canParse(address) ? new URL(address).host : address;
