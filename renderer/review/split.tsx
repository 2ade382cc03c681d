/** Two panes with a bar between them that can be dragged or moved by arrow keys; its place is remembered. */
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { t } from '../text.ts';

const KEY = 'ap.split';
const [MIN, MAX, START] = [25, 75, 52];

const remembered = (): number => {
  const value = Number(localStorage.getItem(KEY));
  return value >= MIN && value <= MAX ? value : START;
};

export function Split({ left, right }: { readonly left: ReactNode; readonly right: ReactNode }) {
  const [share, setShare] = useState(remembered);
  const frame = useRef<HTMLDivElement>(null);
  const set = (value: number) => {
    const next = Math.round(Math.min(MAX, Math.max(MIN, value)) * 10) / 10;
    setShare(next);
    localStorage.setItem(KEY, String(next));
  };
  return (
    <div
      className="split"
      ref={frame}
      style={{ gridTemplateColumns: `minmax(0, ${share}fr) 6px minmax(0, ${100 - share}fr)` }}
    >
      {left}
      <div
        className="splitter"
        role="separator"
        aria-orientation="vertical"
        aria-label={t('ui.split')}
        aria-valuenow={Math.round(share)}
        aria-valuemin={MIN}
        aria-valuemax={MAX}
        tabIndex={0}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const rect = frame.current!.getBoundingClientRect();
          set(((event.clientX - rect.left) / rect.width) * 100);
        }}
        onDoubleClick={() => set(START)}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          set(share + step);
        }}
      />
      {right}
    </div>
  );
}
