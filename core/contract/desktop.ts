/** What only Electron gives: `globalThis.desktop?` is the renderer's one platform switch. */
export interface Desktop {
  readonly platform: string;
  /** Native dialog; the chosen files are imported by the server (paths never reach the renderer). Number of files taken. */
  openFiles(): Promise<number>;
  /** Asks for a folder (watched folder); null where cancelled. */
  chooseFolder(): Promise<string | null>;
  /** Saves bytes through the native dialog; false where cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>;
  /** Called when a menu item runs an action of actions.ts. Returns the unsubscriber. */
  onAction(listener: (id: string) => void): () => void;
  /** Labels and keys of the current language, so that the native menu is a view of actions.ts. */
  setMenu(items: readonly { id: string; label: string; keys: string; enabled: boolean }[]): void;
}
