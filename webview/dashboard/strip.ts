/** The strip above the charts: which run, how it stands, how far and how good it is, where it runs, and its controls. */
import { learningWords } from '../../src/protocol/choices';
import type { ControlMessage, RunStatus, RunSummary } from '../../src/protocol/dashboard';
import { button, textField } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { duration, moment, percent, setting, wholeNumber } from '../shared/format';
import { stateNames } from './run-names';

/** A name and a value below it. */
class Fact {
  readonly element: HTMLElement;
  readonly #name = element('dt');
  readonly #value = element('dd');

  constructor(kind: string) {
    this.element = element('div', {
      class: 'fact',
      attributes: { 'data-fact': kind },
      children: [this.#name, this.#value],
    });
  }

  show(name: string, value: string | undefined, title = ''): void {
    setShown(this.element, value !== undefined);
    setText(this.#name, name);
    setText(this.#value, value ?? '');
    if (this.element.title !== title) this.element.title = title;
  }
}

/** How the run learns, as far as it is known: `sgd with momentum 0.9`, `batches of 64`. */
function learningText({ settings }: RunSummary): string[] {
  const { batchSize } = settings;
  return [
    ...learningWords(settings),
    ...(batchSize === undefined ? [] : [`batches of ${wholeNumber(batchSize)}`]),
  ];
}

/** The strip. */
export class Strip {
  readonly element: HTMLElement;
  readonly #title = element('h1');
  readonly #state = element('span', { class: 'state' });
  readonly #about = element('span', { class: 'about' });
  readonly #progress = element('progress', { attributes: { max: '1', 'aria-label': 'Steps done' } });
  readonly #message = element('span');
  readonly #place = element('button', {
    class: 'link',
    text: 'Show in Graph',
    attributes: { type: 'button' },
  });
  readonly #error = element('p', {
    class: 'error',
    attributes: { role: 'alert' },
    children: [this.#message, this.#place],
  });
  readonly #epoch = new Fact('epoch');
  readonly #time = new Fact('time');
  readonly #accuracy = new Fact('accuracy');
  readonly #speed = new Fact('speed');
  readonly #device = new Fact('device');
  readonly #controls: HTMLElement;
  readonly #pause;
  readonly #step;
  readonly #stop;
  readonly #rate;
  #status: RunStatus | undefined;

  /**
   * @param control passes an order on
   * @param showNode has a node of the shown run's graph seen
   */
  constructor(
    private readonly control: (message: ControlMessage) => void,
    showNode: (node: number) => void,
  ) {
    this.#place.addEventListener('click', () => {
      const { noteNode = null } = this.#status ?? {};
      if (noteNode !== null) showNode(noteNode);
    });
    this.#rate = textField('Learning rate', text => this.#setRate(text));
    this.#pause = button('Pause', () => control({ action: this.#paused ? 'resume' : 'pause' }), {
      primary: true,
    });
    this.#step = button('Step', () => control({ action: 'step' }), { title: 'Take one step and pause' });
    this.#stop = button('Stop', () => control({ action: 'stop' }), { title: 'Save the run and end it' });
    this.#controls = element('div', {
      class: 'controls',
      attributes: { role: 'group', 'aria-label': 'Run control' },
      children: [this.#rate.element, this.#pause.element, this.#step.element, this.#stop.element],
    });
    const identity = element('div', {
      class: 'identity',
      children: [this.#title, element('p', { children: [this.#state, this.#about] })],
    });
    const facts = [this.#epoch, this.#time, this.#accuracy, this.#speed, this.#device];
    this.element = element('header', {
      class: 'strip',
      children: [
        identity,
        element('dl', { class: 'facts', children: facts.map(fact => fact.element) }),
        this.#controls,
        this.#progress,
        this.#error,
      ],
    });
  }

  get #paused(): boolean {
    return this.#status?.summary.state === 'paused';
  }

  /** Shows how a run stands, beside which others are drawn. */
  show(status: RunStatus, canControl: boolean, others: number): void {
    this.#status = status;
    const { summary, accuracy } = status;
    const { state } = summary;
    const going = state === 'running' || state === 'paused';
    setText(this.#title, summary.name ?? summary.model);
    const early = state === 'finished' && status.stoppedEarly;
    setText(this.#state, early ? 'Stopped early' : stateNames[state]);
    this.#state.dataset['state'] = state;
    const compared =
      others === 0 ? [] : [others === 1 ? 'beside another run' : `beside ${others} other runs`];
    const model = summary.name === null ? [] : [summary.model];
    const began = `started ${moment(summary.created)}`;
    const about = [...model, summary.dataset, began, ...compared, ...learningText(summary)].join(', ');
    setText(this.#about, about);
    this.#about.title = `${about}\n${summary.id}`;
    this.#epoch.show('Epoch', `${status.epoch} of ${summary.epochs}`, `${wholeNumber(status.step)} steps`);
    if (going) this.#time.show('Time left', status.secondsLeft === null ? '–' : duration(status.secondsLeft));
    else this.#time.show('Time', duration(status.secondsTaken));
    const of = accuracy?.of ?? 'validation';
    this.#accuracy.show(
      `${of[0]?.toUpperCase()}${of.slice(1)} accuracy`,
      accuracy === null ? '–' : percent(accuracy.value),
    );
    const { samplesPerSecond: speed } = status;
    this.#speed.show('Speed', speed === null ? undefined : `${wholeNumber(Math.round(speed))} samples/s`);
    this.#device.show('Device', summary.device, status.deviceReason);
    this.#progress.value = status.steps ? Math.min(1, status.step / status.steps) : 0;
    this.#progress.classList.toggle('done', !going);
    setShown(this.#controls, canControl && status.live);
    this.#pause.setLabel(this.#paused ? 'Resume' : 'Pause');
    this.#rate.show(status.learningRate === null ? '' : setting(status.learningRate));
    this.report(null);
  }

  /** Shows what went wrong; nothing where there is nothing. */
  #showError(message: string | null): void {
    setText(this.#message, message ?? '');
    setShown(this.#error, message !== null);
    const { note = null, noteNode = null } = this.#status ?? {};
    setShown(this.#place, message !== null && message === note && noteNode !== null);
  }

  /** Shows what became of an order. */
  report(message: string | null): void {
    this.#showError(message ?? this.#status?.summary.error ?? this.#status?.note ?? null);
  }

  #setRate(text: string): void {
    const value = Number(text.replace(',', '.'));
    const valid = text.trim() !== '' && Number.isFinite(value) && value > 0;
    const problem = valid ? null : 'A learning rate is a number above 0, such as 0.01.';
    this.#rate.setInvalid(problem ?? undefined);
    this.report(problem);
    if (valid) this.control({ action: 'learning-rate', value });
  }
}
