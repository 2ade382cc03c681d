/** Everything a screen needs, made once in main.tsx and handed down by context. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Client } from './api.ts';
import type { AppState, AppStore } from './app-store.ts';
import type { ConflictsState, ConflictsStore } from './conflicts/conflicts-store.ts';
import type { DuplicatesState, DuplicatesStore } from './duplicates/duplicates-store.ts';
import type { InboxState, InboxStore } from './inbox/inbox-store.ts';
import type { UploadStore } from './inbox/upload-store.ts';
import type { AreaState, AreaStore } from './review/area-store.ts';
import type { ReviewControl } from './review/control.ts';
import type { ReviewState, ReviewStore } from './review/review-store.ts';
import type { Action as AccessAction } from '../core/access/actions.ts';
import { may } from './access.ts';
import type { Route } from './route.ts';
import type { Session } from './session/session.ts';
import type { DeskKeeper } from './together/desk-keeper.ts';
import type { TogetherState, TogetherStore } from './together/together-store.ts';
import type { Documents } from './viewer/documents.ts';
import type { ViewerState, ViewerStore } from './viewer/viewer-store.ts';

export interface Station {
  readonly client: Client;
  readonly app: AppStore;
  readonly inbox: InboxStore;
  readonly conflicts: ConflictsStore;
  readonly duplicates: DuplicatesStore;
  readonly uploads: UploadStore;
  readonly review: ReviewStore;
  readonly viewer: ViewerStore;
  readonly documents: Documents;
  readonly control: ReviewControl;
  readonly areas: AreaStore;
  readonly session: Session;
  readonly together: TogetherStore;
  readonly desks: DeskKeeper;
  readonly navigate: (route: Route) => void;
}

export const StationContext = createContext<Station | null>(null);

export function useStation(): Station {
  const station = useContext(StationContext);
  if (!station) throw new Error('no station in context');
  return station;
}

export const useApp = <T>(select: (state: AppState) => T): T => useStore(useStation().app, select);
export const useInbox = <T>(select: (state: InboxState) => T): T => useStore(useStation().inbox, select);
export const useConflicts = <T>(select: (state: ConflictsState) => T): T => useStore(useStation().conflicts, select);
export const useDuplicates = <T>(select: (state: DuplicatesState) => T): T => useStore(useStation().duplicates, select);
export const useTogether = <T>(select: (state: TogetherState) => T): T => useStore(useStation().together, select);
export const useReview = <T>(select: (state: ReviewState) => T): T => useStore(useStation().review, select);
export const useArea = <T>(select: (state: AreaState) => T): T => useStore(useStation().areas, select);
export const useViewer = <T>(select: (state: ViewerState) => T): T => useStore(useStation().viewer, select);
/** Whether the person at this window may do it. */
export const useMay = (action: AccessAction): boolean => useApp((s) => may(s, action));
