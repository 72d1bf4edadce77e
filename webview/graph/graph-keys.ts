/** What the keys do on a graph. */
import type { Direction } from './navigate';

/** What keys ask for. */
export interface KeyActions {
  move(direction: Direction): void;
  end(which: 'first' | 'last'): void;
  /** Opens or closes what is selected. */
  toggle(): void;
  /** Out of the box, and then out of the selection. */
  out(): void;
  search(): void;
  fit(): void;
  zoom(factor: number): void;
  pan(direction: Direction): void;
  toggleBackward(): void;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const step = 1.3;

const others: Readonly<Record<string, (actions: KeyActions) => void>> = {
  Enter: actions => actions.toggle(),
  ' ': actions => actions.toggle(),
  Escape: actions => actions.out(),
  Home: actions => actions.end('first'),
  End: actions => actions.end('last'),
  '/': actions => actions.search(),
  '0': actions => actions.fit(),
  f: actions => actions.fit(),
  '+': actions => actions.zoom(step),
  '=': actions => actions.zoom(step),
  '-': actions => actions.zoom(1 / step),
  b: actions => actions.toggleBackward(),
};

/** Has the keys do that on an element. */
export function listenToKeys(surface: HTMLElement, actions: KeyActions): void {
  surface.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    const other = others[event.key];
    if (arrow !== undefined) {
      if (event.shiftKey) actions.pan(arrow);
      else actions.move(arrow);
    } else if (other !== undefined) other(actions);
    else return;
    event.preventDefault();
  });
}
