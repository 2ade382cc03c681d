/** Reading an area of the page that a person has drawn. */
export const area = {
  'ui.action.area': 'Read an area of the page',
  'ui.action.areaRead': 'Area: read it into the field',
  'ui.action.areaCancel': 'Area: put it away',
  'ui.action.areaMove': 'Area: move it (arrow keys)',
  'ui.action.areaSize': 'Area: make it larger or smaller (Shift + arrow keys)',
  'ui.help.mouse.edge': 'Drag the edge of a box',
  'ui.help.mouse.edge.does': 'reads the larger or smaller area',
  'ui.area.choose': 'Draw round {field}, or move the frame with the arrow keys and size it with Shift.',
  'ui.area.keys.read': 'read',
  'ui.area.keys.cancel': 'cancel',
  'ui.area.keys.close': 'put away',
  'ui.area.reading': 'Reading the area …',
  'ui.area.done': '{field}: “{text}” was read from the page.',
  'ui.area.nothing': 'There is nothing readable in this area. Draw it larger, or type the value.',
  'ui.area.failed': 'The area could not be read: {message}',
  'ui.area.noField': 'Choose a field first: the text of the area goes into it.',
} as const;
