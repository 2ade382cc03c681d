/** Files may be dropped anywhere in the window. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { may } from '../access.ts';
import { useStation } from '../station.ts';
import { t } from '../text.ts';
import { Icon } from '../ui/icons.tsx';

export function DropArea({ children }: { readonly children: ReactNode }) {
  const { app, uploads } = useStation();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // `dragleave` fires for every child that is left: count the way in and out.
    let depth = 0;
    const withFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const wanted = (event: DragEvent) => withFiles(event) && may(app.getState(), 'invoice.upload');
    const enter = (event: DragEvent) => {
      if (!wanted(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (withFiles(event) && --depth <= 0) setOver(false);
    };
    const stay = (event: DragEvent) => {
      if (withFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!withFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (!wanted(event)) return;
      void filesOf(event.dataTransfer!).then((files) => files.length > 0 && uploads.add(files));
    };
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', stay);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', stay);
      removeEventListener('drop', drop);
    };
  }, [app, uploads]);
  return (
    <div className="app">
      {children}
      {over ? (
        <div className="drop-veil" aria-hidden="true">
          <div>
            <Icon name="upload" size={32} />
            <p>{t('ui.drop')}</p>
          </div>
        </div>
      ) : null}
    </div>
  );
}

/** Folders are walked; the entries must be taken before the event ends. */
async function filesOf(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return [...data.files];
  return (await Promise.all(entries.map(filesOfEntry))).flat();
}

async function filesOfEntry(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return new Promise((resolve, reject) => (entry as FileSystemFileEntry).file((f) => resolve([f]), reject));
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  for (;;) {
    // A reader hands out at most a hundred entries a call.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return files;
    for (const child of batch) if (!child.name.startsWith('.')) files.push(...(await filesOfEntry(child)));
  }
}
