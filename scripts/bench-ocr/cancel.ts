import type { Figures } from '../figure.ts';
export async function measureCancel(
  _o: { images: readonly string[]; count: number; say: (line: string) => void },
  _f: Figures,
): Promise<void> {}
