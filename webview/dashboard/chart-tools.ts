/** The settings of one chart, in the panel behind its button: averaging, logarithmic axes, export. */
import { button, checkbox } from '../shared/controls';
import { element, setText } from '../shared/dom';
import { menu } from './menu';
import { type ChartState, smoothingSpan } from './page-state';

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

function spanText(position: number): string {
  const span = smoothingSpan(position);
  return position <= 0 || span < 2 ? 'none' : `about ${span.toLocaleString('en')} points`;
}

/** Makes the settings of the chart with this title. */
export function chartTools(title: string, actions: ChartActions): ChartTools {
  const slider = element('input', {
    class: 'slider',
    attributes: {
      type: 'range',
      min: '0',
      max: '1',
      step: '0.01',
      'aria-label': `Smoothing of ${title.toLowerCase()}`,
    },
  });
  const span = element('output', { class: 'span' });
  slider.addEventListener('input', () => {
    setText(span, spanText(slider.valueAsNumber));
    actions.change({ smoothing: slider.valueAsNumber });
  });
  const logX = checkbox('Logarithmic horizontal axis', checked => actions.change({ logX: checked }));
  const logY = checkbox('Logarithmic vertical axis', checked => actions.change({ logY: checked }));
  const made = menu(`Settings and export of ${title.toLowerCase()}`, [
    element('label', {
      class: 'field',
      children: [
        element('span', { class: 'field-name', children: [element('span', { text: 'Smoothing' }), span] }),
        slider,
      ],
    }),
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
      if (document.activeElement !== slider) slider.valueAsNumber = state.smoothing;
      setText(span, spanText(state.smoothing));
      slider.setAttribute('aria-valuetext', spanText(state.smoothing));
      logX.set(state.logX);
      logY.set(state.logY);
    },
  };
}
