/** The peer: the distribution's own tesseract with the data of our packages, one thread, its CPU time as the shell counts it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageData } from '../../worker/ocr/data.ts';
import { DPI } from './pages.ts';

const HELP = `The peer of this bench is missing: /usr/bin/tesseract.
Install it with: apt-get install --no-install-recommends tesseract-ocr
Without a peer: --only latency,likely,threads,memory,quality,cancel
`;

export interface Native {
  readonly version: string;
  /** CPU milliseconds of one page, start of the program included. */
  read(image: string, languages: readonly string[]): number;
}

export function findNative(folder: string, languages: readonly string[]): Native {
  const asked = spawnSync('tesseract', ['--version'], { encoding: 'utf8' });
  if (asked.status !== 0) {
    process.stderr.write(HELP);
    process.exit(2);
  }
  for (const language of languages) writeFileSync(join(folder, `${language}.traineddata`), languageData(language));
  return {
    version: asked.stdout.split('\n')[0] ?? '',
    read(image, wanted) {
      const script = `TIMEFORMAT='cpu %U %S'; time tesseract "$1" - --dpi ${DPI} --tessdata-dir "$2" -l "$3" --psm 3 -c tessedit_create_tsv=1 >/dev/null 2>&1`;
      const ran = spawnSync('bash', ['-c', script, 'bash', image, folder, wanted.join('+')], {
        encoding: 'utf8',
        env: { ...process.env, OMP_THREAD_LIMIT: '1', LC_ALL: 'C' },
      });
      const times = /^cpu ([\d.]+) ([\d.]+)$/m.exec(ran.stderr);
      if (ran.status !== 0 || times === null) throw new Error(`tesseract failed on ${image}: ${ran.stderr}`);
      return (Number(times[1]) + Number(times[2])) * 1000;
    },
  };
}
