/** A tensor as pictures: tiles where it is a set of images, else one heat map of all of it. */
import type { TensorChoice } from '../../src/protocol/tensor-page';
import { mostValues, type TensorValue } from '../../src/protocol/tensors';
import { element, setText } from '../shared/dom';
import { measure, wholeNumber } from '../shared/format';
import { currentTheme } from '../shared/theme';
import { ColourScale, paint, robustLimit, toRgb } from './colour-scale';
import type { Connection } from './connection';
import { rowsOfTiles, type Tiling, tilingOf } from './tiling';

const mostTiles = 64;
const mostCells = { rows: 128, columns: 512 };

/** The pictures. */
export class Pictures {
  readonly element: HTMLElement;
  readonly #title = element('h2', { text: 'Picture' });
  readonly #note = element('span', { class: 'note' });
  readonly #paging = element('span', { class: 'paging' });
  readonly #place = element('div', { class: 'place' });
  readonly #scale = element('div', { class: 'colours' });
  #first = 0;
  #shown: { readonly choice: TensorChoice; readonly shape: readonly number[] } | undefined;

  constructor(private readonly connection: Connection) {
    this.element = element('section', {
      class: 'pictures',
      children: [
        element('header', { children: [this.#title, this.#note, this.#paging] }),
        this.#place,
        this.#scale,
      ],
    });
  }

  /** Shows another tensor. @returns how far from zero the colours go */
  async show(choice: TensorChoice, shape: readonly number[]): Promise<number> {
    this.#first = 0;
    this.#shown = { choice, shape };
    return this.draw();
  }

  /** Draws again, for another theme or another page of tiles. */
  async draw(): Promise<number> {
    if (this.#shown === undefined) return 0;
    const { choice, shape } = this.#shown;
    const tiling = tilingOf(shape);
    return tiling === undefined ? this.#drawMap(choice, shape) : this.#drawTiles(choice, shape, tiling);
  }

  async #drawTiles(
    { tensor, name }: TensorChoice,
    shape: readonly number[],
    tiling: Tiling,
  ): Promise<number> {
    const pixels = tiling.height * tiling.width;
    const perPage = Math.max(1, Math.min(mostTiles, Math.floor(mostValues / pixels)));
    const count = Math.min(perPage, tiling.count - this.#first);
    const columns = shape.at(-1) ?? 1;
    const rows = rowsOfTiles(tiling, columns, this.#first, count);
    const { values } = await this.connection.request('values', { tensor, ...rows, column: 0, columns });
    const limit = robustLimit(values);
    const scale = this.#scaleFor(limit);
    const tiles = Array.from({ length: count }, (_, i) => {
      const canvas = paint(values.slice(i * pixels, (i + 1) * pixels), tiling.width, scale);
      const label = `${name}, ${this.#first + i}`;
      return element('figure', {
        children: [withLabel(canvas, label), element('figcaption', { text: String(this.#first + i) })],
      });
    });
    setText(this.#title, `${tiling.height} × ${tiling.width} tiles`);
    setText(
      this.#note,
      `${wholeNumber(this.#first)}–${wholeNumber(this.#first + count - 1)} of ${wholeNumber(tiling.count)}`,
    );
    this.#drawPaging(tiling.count, perPage);
    this.#place.className = 'place tiles';
    this.#place.replaceChildren(...tiles);
    return limit;
  }

  async #drawMap({ tensor, name }: TensorChoice, shape: readonly number[]): Promise<number> {
    const picture = await this.connection.request('picture', { tensor, ...mostCells });
    const limit = robustLimit(picture.cells);
    const canvas = paint(picture.cells, picture.columns, this.#scaleFor(limit));
    const { rows, columns } = picture.matrix;
    const whole = rows === picture.rows && columns === picture.columns;
    setText(this.#title, 'Heat map');
    setText(
      this.#note,
      whole
        ? `${wholeNumber(rows)} × ${wholeNumber(columns)}`
        : `${wholeNumber(rows)} × ${wholeNumber(columns)}; a cell shows the value furthest from zero of those in it`,
    );
    this.#paging.replaceChildren();
    this.#place.className = picture.rows * 3 < picture.columns ? 'place map wide' : 'place map';
    const label = `${name} [${shape.join(', ')}] as a heat map, up to ${measure(limit)} on both sides of zero`;
    this.#place.replaceChildren(withLabel(canvas, label));
    return limit;
  }

  #drawPaging(count: number, perPage: number): void {
    this.#paging.replaceChildren();
    if (count <= perPage) return;
    const go = (label: string, first: number) => {
      const made = element('button', { class: 'link', text: label, attributes: { type: 'button' } });
      made.disabled = first < 0 || first >= count;
      made.addEventListener('click', () => {
        this.#first = first;
        void this.draw();
      });
      return made;
    };
    this.#paging.append(go('Previous', this.#first - perPage), go('Next', this.#first + perPage));
  }

  #scaleFor(limit: number): ColourScale {
    const scale = new ColourScale(limit, toRgb(currentTheme().background));
    const steps: TensorValue[] = Array.from({ length: 101 }, (_, i) => (limit * (i - 50)) / 50);
    this.#scale.replaceChildren(
      element('span', { text: measure(-limit) }),
      withLabel(paint(steps, steps.length, scale), 'Colours from red below zero to blue above'),
      element('span', { text: measure(limit) }),
    );
    return scale;
  }
}

function withLabel(canvas: HTMLCanvasElement, label: string): HTMLCanvasElement {
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  return canvas;
}
