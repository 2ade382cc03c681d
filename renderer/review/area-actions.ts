/** Reading an area without a mouse: a frame that arrow keys move, Shift and arrow keys size, Enter reads. Before all others: while there is a frame the keys are its. */
import type { Action } from '../actions.ts';
import type { Station } from '../station.ts';

const inReview = ({ app }: Station): boolean => app.getState().route.screen === 'review';
const framed = (station: Station): boolean => {
  const { kind } = station.areas.getState();
  return inReview(station) && (kind === 'choosing' || kind === 'failed');
};

const ARROWS = [
  ['Left', -1, 0],
  ['Right', 1, 0],
  ['Up', 0, -1],
  ['Down', 0, 1],
] as const;

const arrows = (what: 'move' | 'size'): Action[] =>
  ARROWS.map(([name, dx, dy]) => ({
    id: `area.${what}${name}`,
    label: what === 'move' ? 'ui.action.areaMove' : 'ui.action.areaSize',
    group: 'page',
    keys: [what === 'move' ? name : `Shift+${name}`],
    when: 'free',
    enabled: framed,
    run: ({ areas }) => areas.nudge(dx, dy, what, performance.now()),
    keyOnly: true,
  }));

export const areaActions: readonly Action[] = [
  {
    id: 'area.begin',
    needs: 'invoice.correct',
    label: 'ui.action.area',
    group: 'page',
    keys: ['Alt+A'],
    when: 'anywhere',
    enabled: (station) => inReview(station) && station.areas.possible(),
    run: ({ areas }) => {
      if (areas.getState().kind !== 'none') return areas.cancel();
      areas.begin();
      // The keys go to the frame now, not to the text of the field.
      const view = document.getElementById('page-view');
      view?.focus({ preventScroll: true });
      // In a narrow window the page stands above the form.
      view?.scrollIntoView({ block: 'nearest' });
    },
  },
  {
    id: 'area.read',
    label: 'ui.action.areaRead',
    group: 'page',
    keys: ['Enter'],
    when: 'free',
    enabled: framed,
    run: ({ areas }) => areas.readFrame(),
    keyOnly: true,
  },
  {
    id: 'area.cancel',
    label: 'ui.action.areaCancel',
    group: 'page',
    // Shift is down while an area is drawn with it.
    keys: ['Esc', 'Shift+Esc'],
    when: 'anywhere',
    enabled: (station) => inReview(station) && station.areas.getState().kind !== 'none',
    run: ({ areas, review }) => {
      areas.cancel();
      const { focus } = review.getState();
      if (focus !== null) review.requestFocus(focus);
    },
    keyOnly: true,
  },
  ...arrows('move'),
  ...arrows('size'),
];
