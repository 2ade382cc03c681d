/** Words of the window itself (menu, dialogs, the page shown when the server has given up): every key starts with `desktop.`. */
export const desktop = {
  'desktop.file': 'File',
  'desktop.open': 'Import files …',
  'desktop.openFolder': 'Import a folder …',
  'desktop.actions': 'Actions',
  'desktop.edit': 'Edit',
  'desktop.view': 'View',
  'desktop.window': 'Window',
  'desktop.chooseFiles': 'Choose invoices to import',
  'desktop.chooseFolder': 'Choose a folder',
  'desktop.documents': 'Invoices and archives',
  'desktop.allFiles': 'All files',
  'desktop.refused': 'These files were not taken',
  'desktop.uploadFailed': 'The files could not be handed to the station: {detail}',
  'desktop.crash.title': 'The station has stopped working',
  'desktop.crash.text':
    'It ended several times in a row (exit code {code}). Your invoices and everything you saved are kept in the data folder.',
  'desktop.crash.restart': 'Start it again',
  'desktop.crash.log': 'Show the log',
  'desktop.crash.where': 'Data folder: {data}. Log (it holds no invoice content): {log}',
} as const;
