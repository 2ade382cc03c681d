/** Where there is no Redis: nobody is told anything, and who has streams open looks for himself (event-poll.ts). */
import type { Bus } from '../queue/bus.ts';

export const silentBus: Bus = {
  available: () => false,
  tell: () => undefined,
  onMessage: () => () => undefined,
  close: () => undefined,
};
