import type { Desktop } from '../../core/contract/desktop.ts';
import type { Station } from '../station.ts';
import { t } from '../text.ts';

/** The one platform switch: there in Electron only. */
export const desktop = (globalThis as { desktop?: Desktop }).desktop;

const ACCEPT = '.pdf,.png,.jpg,.jpeg,.tif,.tiff,.webp,.xml,.eml,.msg,.zip';

/** Native dialog in Electron, the browser's elsewhere. */
export async function chooseFiles({ app, uploads }: Station): Promise<void> {
  if (desktop) {
    const count = await desktop.openFiles();
    if (count > 0) app.say(t('ui.upload.taken', { n: count }), 'success');
    return;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = ACCEPT;
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) uploads.add(files);
  });
  input.click();
}

/** Saves bytes where the person says, or into the downloads. */
export async function saveBlob(name: string, blob: Blob): Promise<boolean> {
  if (desktop) return desktop.saveFile(name, new Uint8Array(await blob.arrayBuffer()));
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
