/** What can be said of a dataset in a line: its name and place, and figures of the part that is shown. */
import type { DatasetSummary, SplitSummary } from '../../src/protocol/dataset';
import { element, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';

/** A figure, and what is added to it in small. */
interface Fact {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
}

/** `5,421 to 6,742`, or one number where both are the same. */
function rangeText(low: number, high: number): string {
  return low === high ? wholeNumber(low) : `${wholeNumber(low)} to ${wholeNumber(high)}`;
}

/** A figure of pixels, and the same where pixels go from 0 to 1, as networks are fed. */
function pixelFact(name: string, value: number): Fact {
  return { name, value: value.toFixed(2), more: `${(value / 255).toFixed(4)} × 255` };
}

/** A figure of each of the channels, from 0 to 1. */
function channelsFact(name: string, values: readonly number[]): Fact {
  return { name, value: values.map(value => (value / 255).toFixed(4)).join('  '), more: '× 255' };
}

function factsOf(
  { height, width, channels, classes }: DatasetSummary,
  { samples, perClass, pixels, channels: figures }: SplitSummary,
): Fact[] {
  const used = perClass.filter(count => count > 0);
  return [
    { name: 'Samples', value: wholeNumber(samples) },
    { name: 'Image', value: `${height} × ${width}`, more: channels === 3 ? '8-bit colour' : '8-bit grey' },
    { name: 'Classes', value: String(classes.length) },
    { name: 'Samples per class', value: rangeText(Math.min(...used), Math.max(...used)) },
    { name: 'Pixels', value: rangeText(pixels.min, pixels.max) },
    ...(channels === 1
      ? [pixelFact('Mean', pixels.mean), pixelFact('Standard deviation', pixels.std)]
      : [
          channelsFact(
            'Mean of red, green, blue',
            figures.map(({ mean }) => mean),
          ),
          channelsFact(
            'Standard deviation',
            figures.map(({ std }) => std),
          ),
        ]),
  ];
}

/** The figures. */
export class Facts {
  readonly element: HTMLElement;
  readonly #name = element('h1');
  readonly #place = element('p', { class: 'place' });
  readonly #notes = element('ul', { class: 'notes' });
  readonly #facts = element('dl', { class: 'facts' });

  constructor() {
    this.element = element('header', {
      class: 'about',
      children: [
        element('div', { class: 'identity', children: [this.#name, this.#place, this.#notes] }),
        this.#facts,
      ],
    });
  }

  /** Shows the figures of a part. */
  show(summary: DatasetSummary, split: SplitSummary): void {
    setText(this.#name, summary.name);
    const place = summary.folder ?? 'Drawn by Descent';
    setText(this.#place, summary.reading === undefined ? place : `${place}: ${summary.reading}`);
    this.#notes.replaceChildren(...summary.notes.map(text => element('li', { text })));
    this.#facts.replaceChildren(
      ...factsOf(summary, split).map(({ name, value, more }) => {
        const small = more === undefined ? [] : [element('span', { class: 'unit', text: more })];
        return element('div', {
          class: 'fact',
          children: [element('dt', { text: name }), element('dd', { children: [value, ...small] })],
        });
      }),
    );
  }
}
