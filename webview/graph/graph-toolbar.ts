/** The row of controls above a graph. */
import { Choice } from '../shared/choice';
import { checkbox } from '../shared/controls';
import { element } from '../shared/dom';
import type { GraphState } from './graph-state';

/** What the controls do. */
export interface ToolbarActions {
  colour(by: GraphState['colouring']): void;
  showBackward(shown: boolean): void;
  openAll(): void;
  closeAll(): void;
  zoom(factor: number): void;
  fit(): void;
  save(kind: 'svg' | 'png'): void;
}

/** The controls. */
export interface GraphToolbar {
  readonly element: HTMLElement;
  show(state: Pick<GraphState, 'colouring' | 'backward'>): void;
}

const zoomStep = 1.3;

function tool(text: string, title: string, act: () => void): HTMLElement {
  const spoken = text.length > 1 ? {} : { 'aria-label': title };
  const made = element('button', { class: 'tool', text, attributes: { type: 'button', title, ...spoken } });
  made.addEventListener('click', act);
  return made;
}

/** Makes the controls; `search` stands before the others. */
export function graphToolbar(search: HTMLElement, actions: ToolbarActions): GraphToolbar {
  const colours = { kind: 'Kind', gradient: 'Gradient' } as const;
  const colouring = new Choice('Colours', 'graph-colours', colours, by => actions.colour(by));
  const backward = checkbox('Gradient flow', shown => actions.showBackward(shown));
  backward.element.title = 'Show how gradients come back, along grad_fn (b)';
  const tools = element('div', {
    class: 'graph-tools',
    children: [
      tool('Open all', 'Open all modules', actions.openAll),
      tool('Close all', 'Close all modules', actions.closeAll),
      tool('−', 'Zoom out (−)', () => actions.zoom(1 / zoomStep)),
      tool('+', 'Zoom in (+)', () => actions.zoom(zoomStep)),
      tool('Fit', 'Show everything (0)', actions.fit),
      tool('SVG', 'Save as SVG', () => actions.save('svg')),
      tool('PNG', 'Save as PNG', () => actions.save('png')),
    ],
  });
  return {
    element: element('div', {
      class: 'toolbar',
      attributes: { role: 'group', 'aria-label': 'Graph' },
      children: [search, colouring.element, backward.element, tools],
    }),
    show: state => {
      colouring.show(state.colouring);
      backward.set(state.backward);
    },
  };
}
