/** What a text is known by: the same text, the same tag, in every process (the ETag of what is answered, server/conditions.ts). */
import { hash } from 'node:crypto';

export const CONTENT_TAG_LENGTH = 22;
export const contentTag = (text: string | Uint8Array): string =>
  hash('sha256', text, 'base64url').slice(0, CONTENT_TAG_LENGTH);
