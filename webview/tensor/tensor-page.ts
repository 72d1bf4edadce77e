/** The page: what there is to look at on the left, the tensor that is selected on the right. */

import { type Situation, type TensorChoice, tensorTitle } from '../../src/protocol/tensor-page';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import { onThemeChange } from '../shared/theme';
import type { TensorSubject } from '../tensor-view/subject';
import { TensorView } from '../tensor-view/tensor-view';
import { Connection } from './connection';
import { TensorList } from './tensor-list';

const empty = {
  none: 'No run is in progress. Train something and pause it: every tensor of its next step can be looked at here.',
  running: 'Tensors can be looked at while the run is paused.',
};

/** The page. */
export class TensorPage {
  readonly #connection: Connection;
  readonly #list: TensorList;
  readonly #view = new TensorView();
  readonly #heading = element('h1');
  readonly #facts = element('p', { class: 'facts' });
  readonly #error = element('p', { class: 'error', attributes: { role: 'alert' } });
  readonly #main: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #emptyText = element('p');
  readonly #status = element('span', { class: 'status' });
  readonly #pause = button('Pause', () => void this.#connection.request('pause', {}), { primary: true });
  readonly #step = button('Step', () => void this.#connection.request('step', {}), {
    title: 'Take one step and look again',
  });
  #situation: Situation | undefined;
  #asked = 0;

  constructor(root: HTMLElement) {
    this.#connection = new Connection({
      onSituation: situation => this.#onSituation(situation),
      onSelect: tensor => this.#list.select(tensor),
    });
    this.#list = new TensorList(choice => void this.#show(choice));
    this.#main = element('main', {
      children: [
        element('header', {
          class: 'title',
          children: [
            element('div', { children: [this.#heading, this.#facts] }),
            this.#status,
            this.#step.element,
          ],
        }),
        this.#error,
        this.#view.statistics,
        this.#view.views,
        this.#view.values,
      ],
    });
    this.#empty = element('div', { class: 'empty', children: [this.#emptyText, this.#pause.element] });
    root.append(this.#list.element, this.#main, this.#empty);
    onThemeChange(() => this.#view.redraw());
    this.#onSituation({ run: null, phase: 'none', step: 0, choices: [] });
  }

  #onSituation(situation: Situation): void {
    const before = this.#situation;
    this.#situation = situation;
    this.#list.choices = situation.choices;
    const { phase, step } = situation;
    setShown(this.#main, phase === 'paused');
    setShown(this.#empty, phase !== 'paused');
    setShown(this.#pause.element, phase === 'running');
    if (phase !== 'paused') setText(this.#emptyText, empty[phase]);
    // Looks and histograms count so too: what is seen at step 3 is of the step that comes after three.
    setText(this.#status, `at step ${wholeNumber(step)}, of the step that comes next`);
    if (phase === 'paused' && (before?.phase !== 'paused' || before.step !== step)) {
      const { selected } = this.#list;
      this.#list.select(selected?.tensor);
    }
  }

  async #show(choice: TensorChoice): Promise<void> {
    if (this.#situation?.phase !== 'paused') return;
    const asked = ++this.#asked;
    setText(this.#heading, tensorTitle(choice));
    setText(this.#facts, choice.detail);
    try {
      const { tensor } = choice;
      const summary = await this.#connection.request('summarize', { tensor });
      if (asked !== this.#asked) return;
      const { shape, dtype, device } = summary;
      setText(this.#facts, `${choice.detail} · [${shape.join(', ')}] · ${dtype} · ${device}`);
      await this.#view.show(this.#subjectOf(choice, shape), summary);
      if (asked === this.#asked) setText(this.#error, '');
    } catch (error) {
      if (asked === this.#asked) setText(this.#error, messageOf(error));
    }
  }

  #subjectOf(choice: TensorChoice, shape: readonly number[]): TensorSubject {
    const { tensor, image } = choice;
    return {
      title: tensorTitle(choice),
      shape,
      image,
      photograph: tensor.kind === 'input',
      values: part => this.#connection.request('values', { tensor, ...part }),
      picture: size => this.#connection.request('picture', { tensor, ...size }),
    };
  }
}
