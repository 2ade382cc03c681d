/** Pages as a station asks for them with the settings it comes with. */
import { Settings } from '../../core/contract/settings.ts';
import type { TaskInput } from '../../core/contract/tasks.ts';

/** The engine's names. */
export const STATION_LANGUAGES: readonly string[] = Settings.shape.ocrLanguages.parse(undefined);

export interface BenchImage {
  readonly path: string;
  /** What its words are in, by the engine's name. */
  readonly language: string;
}

/** Each page tells its language itself; the pages before it were in `likely`. */
export const asStation = (path: string, likely: string): TaskInput<'readPage'> => ({
  path,
  type: 'image',
  page: 1,
  languages: [...STATION_LANGUAGES],
  automatic: true,
  likely,
});
