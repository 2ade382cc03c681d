/** What only Electron gives. The schemas are what `main` parses every call with; the interface is what the page sees. */
import { z } from 'zod';

export const MenuItem = z.object({
  id: z.string().min(1).max(100),
  label: z.string().max(200),
  /** As in the action registry: `Ctrl+Shift+Enter`; empty for none. */
  keys: z.string().max(60),
  enabled: z.boolean(),
});
export type MenuItem = z.infer<typeof MenuItem>;

/** Channel -> what the page may send over it. Nothing else is ever answered. */
export const desktopCalls = {
  openFiles: z.tuple([]),
  chooseFolder: z.tuple([]),
  saveFile: z.tuple([z.string().min(1).max(255), z.instanceof(Uint8Array)]),
  openSignIn: z.tuple([]),
  setMenu: z.tuple([z.array(MenuItem).max(300)]),
} as const;
export type DesktopCall = keyof typeof desktopCalls;

/** `globalThis.desktop?` is the renderer's one platform switch. */
export interface Desktop {
  readonly platform: string;
  /** Native dialog; the chosen files are imported by the server (paths never reach the renderer). Number of files taken. */
  openFiles(): Promise<number>;
  /** Asks for a folder (watched folder); null where cancelled. */
  chooseFolder(): Promise<string | null>;
  /** Saves bytes through the native dialog; false where cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>;
  /** Opens the page that the running sign-in at a site waits for, in the system's browser. The page never names an address; false where nothing waits. */
  openSignIn(): Promise<boolean>;
  /** Called when a menu item runs an action of actions.ts. Returns the unsubscriber. */
  onAction(listener: (id: string) => void): () => void;
  /** Labels and keys of the current language, so that the native menu is a view of actions.ts. */
  setMenu(items: readonly MenuItem[]): void;
}
