/** Calls from the page: from our own window's own page alone, with arguments that were parsed, or not at all. */
import { desktopCalls, type DesktopCall } from '../core/contract/desktop.ts';
import type { z } from 'zod';
import { isOwn } from './navigation.ts';

/** The parts of Electron's `IpcMainInvokeEvent` that the check needs. */
export interface Caller {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
  readonly sender: { readonly id: number };
}

export type Handlers = {
  readonly [K in DesktopCall]: (...args: z.infer<(typeof desktopCalls)[K]>) => unknown;
};

/** Throws unless the call comes from the top frame of `contentsId` while that shows our own page. */
export function checkCaller(caller: Caller, contentsId: number): void {
  const frame = caller.senderFrame;
  if (caller.sender.id !== contentsId || !frame || frame.parent !== null || !isOwn(frame.url)) {
    throw new Error('This call did not come from the station’s own page.');
  }
}

export function installHandlers(
  ipc: { handle(channel: string, listener: (event: Caller, ...args: unknown[]) => unknown): void },
  contentsId: () => number | undefined,
  handlers: Handlers,
): void {
  for (const name of Object.keys(desktopCalls) as DesktopCall[]) {
    ipc.handle(`desktop:${name}`, (event, ...args) => {
      const id = contentsId();
      if (id === undefined) throw new Error('There is no window.');
      checkCaller(event, id);
      const handler: (...given: never[]) => unknown = handlers[name];
      return handler(...(desktopCalls[name].parse(args) as never[]));
    });
  }
}
