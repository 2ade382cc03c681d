/** Entry of every worker thread: one message, one task. Outcomes are values; what is thrown out of here is a bug. */
import { setSourceMapsSupport } from 'node:module';
import { workerData } from 'node:worker_threads';
import { assertNever } from '../core/assert.ts';
import { tasks, type TaskMessage } from '../core/contract/tasks.ts';
import { learn } from '../core/memory/learn.ts';
import { forgetOcr, warmOcr } from './ocr/engine.ts';
import { forgetOrientation } from './ocr/orientation.ts';
import { hearOrphans } from './orphans.ts';
import { closePdf, dropPdfium } from './pdf/open.ts';
import { checkText } from './tasks/check-text.ts';
import { expand } from './tasks/expand.ts';
import { extractFields } from './tasks/extract.ts';
import { inspect } from './tasks/inspect.ts';
import { readPage } from './tasks/read-page.ts';
import { readRegion } from './tasks/read-region.ts';
import { renderPage } from './tasks/render-page.ts';
import { validate } from './tasks/validate.ts';
import { isTrap, messageOf, unreadable, UnreadableError } from './unreadable.ts';

// The engines bring eight megabytes of maps, which Node would read with them: a stack trace is told in our own sources.
if (process.sourceMapsEnabled) setSourceMapsSupport(true, { nodeModules: false });

hearOrphans();

/** The thread stands in for one that was killed: its first page shall not wait for the engine. Missing data is told by the page that needs it. */
const { warmOcr: languages } = (workerData ?? {}) as { warmOcr?: readonly string[] };
const warm = languages === undefined ? undefined : warmOcr(languages).catch(() => undefined);

export default async function run(message: TaskMessage): Promise<unknown> {
  await warm;
  try {
    return await dispatch(message);
  } catch (error) {
    if (error instanceof UnreadableError) return unreadable(error.reason, error.message);
    // A trap inside a WebAssembly engine leaves its memory in an unknown state: the engines start anew, the page gets a reason.
    if (isTrap(error)) {
      await forgetEngines();
      return unreadable('engine-error', messageOf(error));
    }
    throw error;
  }
}

async function dispatch({ name, input }: TaskMessage): Promise<unknown> {
  switch (name) {
    case 'inspect':
      return inspect(tasks.inspect.input.parse(input));
    case 'expand':
      return expand(tasks.expand.input.parse(input));
    case 'readPage':
      return readPage(tasks.readPage.input.parse(input));
    case 'readRegion':
      return readRegion(tasks.readRegion.input.parse(input));
    case 'renderPage':
      return renderPage(tasks.renderPage.input.parse(input));
    case 'validate':
      return validate(input);
    case 'checkText':
      return checkText(tasks.checkText.input.parse(input));
    case 'extract':
      return extractFields(tasks.extract.input.parse(input));
    case 'learn':
      return { kind: 'learned', lesson: learn(tasks.learn.input.parse(input)) ?? null };
    default:
      return assertNever(name);
  }
}

async function forgetEngines(): Promise<void> {
  forgetOcr();
  forgetOrientation();
  dropPdfium();
  await closePdf();
}
