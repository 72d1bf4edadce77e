/** The sample that was chosen, enlarged, with what there is to say of it. */
import { element, setShown } from '../shared/dom';
import { drawSample, type ImageSize, type Sample, scaleFor, splitTitles } from './sample';

/** About how long the image is, in screen pixels. */
const length = 196;

function figures({ index, split, className, pixels }: Sample): [string, string][] {
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / Math.max(1, pixels.length);
  const low = pixels.reduce((a, b) => Math.min(a, b), 255);
  const high = pixels.reduce((a, b) => Math.max(a, b), 0);
  return [
    ['Class', className],
    ['Index', `${index}, ${splitTitles[split].toLowerCase()}`],
    ['Pixels', `${low} to ${high}`],
    ['Mean', mean.toFixed(2)],
  ];
}

/** The enlarged sample. */
export class Lens {
  readonly element: HTMLElement;
  readonly #canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  readonly #facts = element('dl');
  #before: Element | null = null;

  readonly #tensor = element('button', {
    class: 'link',
    text: 'Show Tensor',
    attributes: { type: 'button' },
  });
  #shown: Sample | undefined;

  /**
   * @param onToggle told when it opens and when it closes
   * @param onTensor the numbers of a sample are to be shown
   */
  constructor(
    private readonly onToggle: (open: boolean) => void,
    onTensor: (sample: Sample) => void,
  ) {
    this.#tensor.addEventListener('click', () => {
      if (this.#shown !== undefined) onTensor(this.#shown);
    });
    const close = element('button', {
      class: 'close',
      text: '×',
      attributes: { type: 'button', 'aria-label': 'Close', title: 'Close (Escape)' },
    });
    close.addEventListener('click', () => this.close());
    this.element = element('aside', {
      class: 'lens',
      attributes: { 'aria-label': 'Chosen sample', 'aria-live': 'polite' },
      children: [close, this.#canvas, this.#facts, this.#tensor],
    });
    setShown(this.element, false);
  }

  /** Whether a sample is shown. */
  get open(): boolean {
    return !this.element.hidden;
  }

  /** Shows a sample. */
  show(sample: Sample, size: ImageSize): void {
    this.#shown = sample;
    const scale = scaleFor(size, length);
    this.#canvas.style.width = `${size.width * scale}px`;
    this.#canvas.style.height = `${size.height * scale}px`;
    drawSample(this.#canvas, sample, size);
    this.#facts.replaceChildren(
      ...figures(sample).flatMap(([name, value]) => [
        element('dt', { text: name }),
        element('dd', { text: value }),
      ]),
    );
    if (this.open) return;
    this.#before = document.activeElement;
    setShown(this.element, true);
    this.onToggle(true);
  }

  /** Takes the sample away; what had the focus before has it again. */
  close(): void {
    const inside = this.element.contains(document.activeElement);
    setShown(this.element, false);
    this.onToggle(false);
    if (inside && this.#before instanceof HTMLElement) this.#before.focus();
  }
}
