/** What the colours of a graph mean. */
import type { GraphKind } from '../../src/protocol/graph-kinds';
import { element } from '../shared/dom';
import { measure } from '../shared/format';
import type { Palette } from './paint/palette';
import type { SceneBox } from './scene';

const names: readonly (readonly [GraphKind, string])[] = [
  ['layer', 'layer'],
  ['activation', 'activation'],
  ['normalisation', 'normalisation'],
  ['loss', 'loss'],
  ['parameter', 'parameter'],
  ['other', 'other'],
];

const steps = 12;

/** The legend. */
export class GraphLegend {
  readonly element = element('div', { class: 'graph-legend' });

  /** Says which kinds there are among boxes. */
  showKinds(boxes: readonly SceneBox[], { tones }: Palette): void {
    const kinds = new Set(boxes.filter(({ kind }) => kind !== 'input').map(({ tone }) => tone));
    const shown = names.filter(([kind]) => kinds.has(kind) || (kind === 'other' && kinds.has('shape')));
    this.element.replaceChildren(
      ...shown.map(([kind, name]) => {
        const swatch = element('span', { class: 'legend-dot' });
        swatch.style.background = tones[kind];
        return element('span', { class: 'legend-kind', children: [swatch, name] });
      }),
    );
  }

  /** Says how large gradients are; `ends` are the smallest and the largest that are shown. */
  showHeat(ends: readonly [number, number] | undefined, palette: Palette, when: string): void {
    if (ends === undefined) {
      this.element.replaceChildren('No gradient has been seen yet.');
      return;
    }
    const ramp = element('span', { class: 'legend-ramp', attributes: { 'aria-hidden': 'true' } });
    const colours = Array.from({ length: steps }, (_, i) => palette.heat(i / (steps - 1)));
    ramp.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
    this.element.replaceChildren(
      element('span', { text: 'Gradient, root mean square' }),
      element('span', { class: 'number', text: measure(ends[0]) }),
      ramp,
      element('span', { class: 'number', text: measure(ends[1]) }),
      element('span', { class: 'when', text: when }),
    );
  }
}
