/** The entry of the store's threads beside this file: .ts as source, .js as built. */
export const threadFile = (): URL => new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url);
