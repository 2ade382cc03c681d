/** Which way up a page stands, by the script detector. Needs the build with the legacy classifier, loaded only when a page looks turned. */
import { resizeGrey, type Grey } from '../image/grey.ts';
import { loadCore, type Api, type Core } from './core.ts';
import { languageData } from './data.ts';

let detector: { core: Core; api: Api } | undefined;

/** Degrees, clockwise, to turn the bitmap by so that it stands upright; undefined where the detector cannot tell. */
export async function uprightTurn(image: Grey): Promise<0 | 90 | 180 | 270 | undefined> {
  if (detector === undefined) {
    const core = await loadCore('legacy');
    core.writeFile('./osd.traineddata', languageData('osd'));
    const api = core.createApi();
    if (api.Init(null, 'osd', 0) !== 0) return undefined;
    detector = { core, api };
  }
  const { core, api } = detector;
  const small = await resizeGrey(image, Math.min(1, 2_400 / Math.max(image.width, image.height)));
  const pointer = core.copyIn(small.data);
  try {
    api.SetVariable('tessedit_pageseg_mode', '0');
    api.SetImage(pointer, small.width, small.height, 1, small.width);
    api.SetSourceResolution(200);
    const results = core.createOrientationResults();
    if (!api.DetectOS(results)) return undefined;
    return ([0, 270, 180, 90] as const)[results.best_result.orientation_id];
  } finally {
    api.Clear();
    core.free(pointer);
  }
}

export function forgetOrientation(): void {
  detector = undefined;
}
