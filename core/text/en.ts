/** The English catalogue; `de.ts` has exactly its keys. Parts add keys in the file of their prefix. */
import { access } from './en/access.ts';
import { administration } from './en/administration.ts';
import { area } from './en/area.ts';
import { clear } from './en/clear.ts';
import { cli } from './en/cli.ts';
import { desktop } from './en/desktop.ts';
import { erasure } from './en/erasure.ts';
import { errors } from './en/errors.ts';
import { fields } from './en/fields.ts';
import { findings } from './en/findings.ts';
import { link } from './en/link.ts';
import { reasons } from './en/reasons.ts';
import { settling } from './en/settling.ts';
import { site } from './en/site.ts';
import { sync } from './en/sync.ts';
import { states } from './en/states.ts';
import { together } from './en/together.ts';
import { ui } from './en/ui.ts';
import { why } from './en/why.ts';

export const en = {
  ...findings,
  ...clear,
  ...reasons,
  ...fields,
  ...states,
  ...why,
  ...errors,
  ...ui,
  ...together,
  ...area,
  ...administration,
  ...cli,
  ...desktop,
  ...access,
  ...site,
  ...link,
  ...sync,
  ...settling,
  ...erasure,
};

export type TextKey = keyof typeof en;
