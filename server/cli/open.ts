/** A station for a command: on a data folder, without HTTP, its log in the folder. */
import { join } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { workspaceFolder } from '../folders.ts';
import { openLogFile } from '../log-file.ts';
import { openStation, type Station } from '../station.ts';
import { choice, dataFolder, type Surroundings } from './command.ts';

export interface Place {
  readonly data?: string | undefined;
  readonly workspace?: string | undefined;
}

export function configFor(around: Surroundings, { data, workspace }: Place): Config {
  const place = choice('workspace', workspace, ['own', 'demo'], 'own');
  return readConfig({
    AP_WORKER_FILE: around.env['AP_WORKER_FILE'],
    AP_UI: around.env['AP_UI'],
    AP_THREADS: around.env['AP_THREADS'],
    AP_LOG_LEVEL: around.env['AP_LOG_LEVEL'],
    AP_DATA: dataFolder(around, data),
    AP_WORKSPACE: place,
  });
}

export async function withStation<T>(config: Config, work: (station: Station) => Promise<T>): Promise<T> {
  const logTo = openLogFile(join(workspaceFolder(config.data, config.workspace), 'logs'));
  const station = await openStation(config, { logTo });
  try {
    return await work(station);
  } finally {
    await station.close();
    logTo.flushSync();
  }
}
