import { access } from './de/access.ts';
import { administration } from './de/administration.ts';
import { area } from './de/area.ts';
import { clear } from './de/clear.ts';
import { cli } from './de/cli.ts';
import { desktop } from './de/desktop.ts';
import { erasure } from './de/erasure.ts';
import { errors } from './de/errors.ts';
import { fields } from './de/fields.ts';
import { findings } from './de/findings.ts';
import { link } from './de/link.ts';
import { reasons } from './de/reasons.ts';
import { settling } from './de/settling.ts';
import { site } from './de/site.ts';
import { sync } from './de/sync.ts';
import { states } from './de/states.ts';
import { together } from './de/together.ts';
import { ui } from './de/ui.ts';
import { why } from './de/why.ts';
import type { TextKey } from './en.ts';

export const de: Record<TextKey, string> = {
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
