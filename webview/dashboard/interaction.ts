/**
 * What mouse, wheel and keys do on a chart: drag to zoom in, Shift and drag to pan, wheel to zoom, double click
 * to see everything; the same with the keys.
 */
import { part, shareOf } from './extent';
import type { Range } from './page-state';

/** What a chart lets be done with it. */
export interface Interactive {
  /** The visible range. */
  range(): Range;
  /** Whether its horizontal axis is logarithmic. */
  logarithmic(): boolean;
  placeAt(pixel: number): number | undefined;
  /** How wide the axis is, in pixels. */
  width(): number;
  /** Shows a range; null for everything. */
  show(range: Range | null): void;
  /** The cursor is at a place; null when it has left. `spoken` when it was moved by a key. */
  point(place: number | null, spoken: boolean): void;
  /** A range is being dragged; null when that is over. */
  select(range: Range | null): void;
}

/** So much of the visible range is moved by with a key, and so much is left of it when zooming in. */
const keyStep = 0.02;
const panStep = 0.2;
const zoomStep = 0.7;
/** A drag over fewer pixels is a click. */
const shortestDrag = 4;

/** Zooms by a factor; `place` stays where it is. */
function zoom(chart: Interactive, factor: number, place?: number): void {
  const range = chart.range();
  const log = chart.logarithmic();
  const share = place === undefined ? 0.5 : shareOf(range, log, place);
  chart.show(part(range, log, share - share * factor, share + (1 - share) * factor));
}

function pan(chart: Interactive, share: number): void {
  chart.show(part(chart.range(), chart.logarithmic(), share, 1 + share));
}

/** Lets a chart be looked through with mouse, wheel and keys. `surface` can have the focus. */
export function makeInteractive(surface: HTMLElement, canvas: HTMLElement, chart: Interactive): void {
  const placeOf = (event: MouseEvent) => chart.placeAt(event.clientX - canvas.getBoundingClientRect().left);
  let drag: { pixel: number; place: number; range: Range; pans: boolean; moved: boolean } | undefined;

  surface.addEventListener('pointerdown', event => {
    const place = placeOf(event);
    if (place === undefined || event.button > 1) return;
    const pans = event.shiftKey || event.button === 1;
    drag = { pixel: event.clientX, place, range: chart.range(), pans, moved: false };
    surface.setPointerCapture(event.pointerId);
  });
  surface.addEventListener('pointermove', event => {
    if (drag?.pans) {
      const share = (drag.pixel - event.clientX) / chart.width();
      chart.show(part(drag.range, chart.logarithmic(), share, 1 + share));
      return;
    }
    const place = placeOf(event);
    if (place === undefined) return;
    if (drag === undefined) {
      chart.point(place, false);
      return;
    }
    drag.moved ||= Math.abs(event.clientX - drag.pixel) >= shortestDrag;
    if (drag.moved) chart.select({ from: Math.min(drag.place, place), to: Math.max(drag.place, place) });
  });
  const release = (event: PointerEvent, cancelled: boolean) => {
    const done = drag;
    drag = undefined;
    chart.select(null);
    if (done === undefined || done.pans || !done.moved || cancelled) return;
    const place = placeOf(event);
    if (place === undefined) return;
    const { from, to } = { from: Math.min(done.place, place), to: Math.max(done.place, place) };
    chart.point(null, false);
    chart.show({ from: Math.max(from, done.range.from), to: Math.min(to, done.range.to) });
  };
  surface.addEventListener('pointerup', event => release(event, false));
  surface.addEventListener('pointercancel', event => release(event, true));
  surface.addEventListener('pointerleave', () => {
    if (drag === undefined) chart.point(null, false);
  });
  surface.addEventListener('dblclick', () => chart.show(null));
  surface.addEventListener(
    'wheel',
    event => {
      // Where the page itself can scroll, the wheel is for that; Ctrl and a pinch on a touchpad still zoom.
      const { scrollHeight, clientHeight } = document.documentElement;
      if (scrollHeight > clientHeight && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        pan(chart, (event.deltaX + (event.shiftKey ? event.deltaY : 0)) / chart.width());
      } else zoom(chart, 1.0015 ** event.deltaY, placeOf(event));
    },
    { passive: false },
  );

  let cursor: number | undefined;
  const moveCursor = (by: number) => {
    const range = chart.range();
    const log = chart.logarithmic();
    const share = cursor === undefined ? 1 : shareOf(range, log, cursor);
    const next = Math.min(1, Math.max(0, share + by));
    cursor = part(range, log, next, next).from;
    chart.point(cursor, true);
  };
  const keys: Readonly<Record<string, (shift: boolean) => void>> = {
    ArrowLeft: shift => (shift ? pan(chart, -panStep) : moveCursor(-keyStep)),
    ArrowRight: shift => (shift ? pan(chart, panStep) : moveCursor(keyStep)),
    Home: () => moveCursor(-1),
    End: () => moveCursor(1),
    '+': () => zoom(chart, zoomStep, cursor),
    '=': () => zoom(chart, zoomStep, cursor),
    '-': () => zoom(chart, 1 / zoomStep, cursor),
    '0': () => chart.show(null),
    Escape: () => {
      cursor = undefined;
      chart.point(null, false);
    },
  };
  surface.addEventListener('keydown', event => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(event.shiftKey);
  });
  surface.addEventListener('blur', () => {
    cursor = undefined;
    chart.point(null, false);
  });
}
