import type { Action } from '../actions.ts';
import type { Station } from '../station.ts';

const here = ({ app, review }: Station): boolean =>
  app.getState().route.screen === 'review' && review.current() !== undefined;

/** F6: between the page and the form, to where one was. */
function switchSide({ review }: Station): void {
  const page = document.getElementById('page-view');
  if (document.activeElement !== page) return page?.focus();
  const { focus } = review.getState();
  if (focus !== null) review.requestFocus(focus);
  else document.querySelector<HTMLElement>('[data-cell]')?.focus();
}

const view = (id: string, label: Action['label'], keys: readonly string[], run: Action['run']): Action => ({
  id: `page.${id}`,
  label,
  group: 'page',
  keys,
  when: keys.every((key) => key.length > 1 && !key.startsWith('Shift+')) ? 'anywhere' : 'free',
  enabled: here,
  run,
});

export const viewerActions: readonly Action[] = [
  view('zoomIn', 'ui.action.zoomIn', ['+', 'Shift+*'], ({ viewer }) => viewer.zoomBy(1)),
  view('zoomOut', 'ui.action.zoomOut', ['-'], ({ viewer }) => viewer.zoomBy(-1)),
  view('actualSize', 'ui.action.actualSize', ['1'], ({ viewer }) => viewer.zoomTo(1)),
  view('fitWidth', 'ui.action.fitWidth', ['W'], ({ viewer }) => viewer.fitTo('width')),
  view('fitPage', 'ui.action.fitPage', ['P'], ({ viewer }) => viewer.fitTo('page')),
  view('rotate', 'ui.action.rotate', ['R'], ({ viewer }) => viewer.rotate()),
  view('boxes', 'ui.action.boxes', ['B'], ({ viewer }) => viewer.toggle('boxes')),
  view('thumbnails', 'ui.action.thumbnails', ['T'], ({ viewer }) => viewer.toggle('thumbnails')),
  view('context', 'ui.action.context', ['F4'], ({ viewer }) => viewer.toggle('context')),
  view('switch', 'ui.action.switchSide', ['F6'], switchSide),
];
