/** Whether what stands on the screen has stood long enough to be decided about; until then it is shown as not to be pressed yet. */
import { useEffect, useState } from 'react';

/** Nobody has read a card before it stood this long: a key that comes sooner was meant for another one. */
export const STAND_MS = 300;

export function useStanding(since: number): boolean {
  const [stood, setStood] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setStood(since), STAND_MS);
    return () => clearTimeout(timer);
  }, [since]);
  return stood === since;
}
