/** The settings of one chart, in the panel behind its button: logarithmic axes and export. */
import { button, checkbox } from '../shared/controls';
import { element } from '../shared/dom';
import { menu } from './menu';
import type { ChartState } from './page-state';

/** What the settings do. */
export interface ChartActions {
  change(change: Partial<ChartState>): void;
  reset(): void;
  exportPicture(): void;
  exportTable(): void;
}

/** The settings of one chart. */
export interface ChartTools {
  readonly element: HTMLElement;
  show(state: ChartState): void;
}

/** Makes the settings of the chart with this title. */
export function chartTools(title: string, actions: ChartActions): ChartTools {
  const logX = checkbox('Logarithmic horizontal axis', checked => actions.change({ logX: checked }));
  const logY = checkbox('Logarithmic vertical axis', checked => actions.change({ logY: checked }));
  const made = menu(`Settings and export of ${title.toLowerCase()}`, [
    logX.element,
    logY.element,
    element('div', {
      class: 'menu-actions',
      children: [
        button('Reset zoom', actions.reset).element,
        button('Save as PNG', actions.exportPicture).element,
        button('Save as CSV', actions.exportTable).element,
      ],
    }),
  ]);
  return {
    element: made,
    show: state => {
      logX.set(state.logX);
      logY.set(state.logY);
    },
  };
}
