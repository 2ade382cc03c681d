import { useEffect } from 'react';
import type { RefObject } from 'react';

/** Pointer travel below this is a click. */
const SLOP = 4;

/** Dragging moves the page, unless it draws an area on it. The click that ends a drag is swallowed, and the keyboard stays in the form's field. */
export function usePan(scroller: RefObject<HTMLDivElement | null>, isDrawing: () => boolean): void {
  useEffect(() => {
    const element = scroller.current!;
    let from: { x: number; y: number; left: number; top: number; id: number } | null = null;
    let moved = false;
    const down = (event: PointerEvent) => {
      moved = false;
      if (event.button !== 0 || event.shiftKey || isDrawing() || onScrollbar(element, event)) return;
      from = {
        x: event.clientX,
        y: event.clientY,
        left: element.scrollLeft,
        top: element.scrollTop,
        id: event.pointerId,
      };
    };
    const mouseDown = (event: MouseEvent) => {
      if (!onScrollbar(element, event)) event.preventDefault();
    };
    const move = (event: PointerEvent) => {
      if (!from) return;
      const dx = event.clientX - from.x;
      const dy = event.clientY - from.y;
      if (!moved && Math.abs(dx) + Math.abs(dy) < SLOP) return;
      if (!moved) element.setPointerCapture(from.id);
      moved = true;
      element.classList.add('panning');
      element.scrollLeft = from.left - dx;
      element.scrollTop = from.top - dy;
    };
    const up = () => {
      from = null;
      element.classList.remove('panning');
    };
    const click = (event: MouseEvent) => {
      if (!moved) return;
      event.preventDefault();
      event.stopPropagation();
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('mousedown', mouseDown);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('click', click, true);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('mousedown', mouseDown);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('click', click, true);
    };
  }, [scroller, isDrawing]);
}

function onScrollbar(element: HTMLElement, event: MouseEvent): boolean {
  const rect = element.getBoundingClientRect();
  return event.clientX > rect.left + element.clientWidth || event.clientY > rect.top + element.clientHeight;
}
