import { createContext } from 'react';
import type { DocumentView } from '../viewer/document-view.ts';

/** The pages of the open document, for the snippets in the form; null while they load or where there are none. */
export const ViewContext = createContext<DocumentView | null>(null);
