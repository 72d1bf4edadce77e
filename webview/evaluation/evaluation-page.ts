/** The page of an evaluation: figures, confusion matrix, mistakes, calibration, and a field to draw on. */

import type { SplitName } from '../../src/protocol/dataset';
import type { EvaluationReport } from '../../src/protocol/evaluation';
import { samplesOfCell } from '../../src/protocol/evaluation-cells';
import {
  type EditorOrder,
  type EvaluationRequests,
  evaluationHostSide,
  evaluationPageSide,
  type OpenedEvaluation,
} from '../../src/protocol/evaluation-page';
import { Choice } from '../shared/choice';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import { Notice } from '../shared/notice';
import { ReaderConnection } from '../shared/reader-connection';
import { onThemeChange } from '../shared/theme';
import { assumptionsOf, notKeptOf } from './assumptions';
import { classTable } from './class-bars';
import { Confusion } from './confusion';
import { DrawPad } from './draw-pad';
import { Gallery, type GalleryContext } from './gallery';
import { type Cell, type PageState, readState } from './page-state';
import { base64Of, bytesOf } from './picture';
import { ProgressLine } from './progress-line';
import { reliabilityDiagram } from './reliability';
import { Summary } from './summary';

/** Milliseconds between two looks at how far an evaluation is. */
const interval = 150;

const noticeWords = {
  reading: 'Opening the model and the data',
  promise: 'The evaluation appears here in a moment.',
  failure: 'The model cannot be evaluated',
};

const splitTitles = { test: 'Test', train: 'Training' } as const;

function section(title: HTMLElement | string, ...children: HTMLElement[]): HTMLElement {
  const heading = typeof title === 'string' ? element('h2', { text: title }) : title;
  return element('section', { children: [heading, ...children] });
}

/** The page. */
export class EvaluationPage {
  readonly #connection: ReaderConnection<EvaluationRequests>;
  readonly #notice = new Notice(noticeWords, () => this.#connection.begin());
  readonly #summary = new Summary();
  readonly #splits = new Choice<SplitName>('Data', 'split', splitTitles, split => this.#chooseSplit(split));
  readonly #progress = new ProgressLine(() => void this.#ask('cancel', {}));
  readonly #assumptions = element('div');
  readonly #confusion = new Confusion(cell => this.#chooseCell(cell));
  readonly #cellTitle = element('h2');
  readonly #cell = new Gallery('Samples of the cell');
  readonly #classes = element('div');
  readonly #reliability = element('div');
  readonly #mistakes = new Gallery('Mistakes');
  readonly #pad = new DrawPad();
  readonly #drawing: HTMLElement;
  readonly #results: HTMLElement;
  readonly #page: HTMLElement;
  #state: PageState;
  #opened: OpenedEvaluation | undefined;
  #report: EvaluationReport | undefined;
  /** What is shown by now; what older questions bring is passed over. */
  #turn = 0;

  constructor(root: HTMLElement) {
    const again = button('Evaluate Again', () => void this.#evaluate());
    const data = button('Other Data…', () => this.#order({ kind: 'choose-data' }));
    const tools = element('div', {
      class: 'tools',
      children: [this.#splits.element, again.element, data.element],
    });
    this.#drawing = section('Draw', this.#pad.element);
    this.#results = element('div', {
      class: 'results',
      children: [
        element('div', {
          class: 'main',
          children: [
            section('Confusion', this.#confusion.element),
            section(this.#cellTitle, this.#cell.element),
          ],
        }),
        element('div', {
          class: 'side',
          children: [this.#drawing, section('Calibration', this.#reliability)],
        }),
        section('Most confident mistakes', this.#mistakes.element),
        section('Classes', this.#classes),
      ],
    });
    this.#page = element('main', {
      class: 'page',
      children: [this.#summary.element, tools, this.#progress.element, this.#assumptions, this.#results],
    });
    setShown(this.#page, false);
    root.append(this.#notice.element, this.#page);
    this.#connection = new ReaderConnection<EvaluationRequests>(evaluationPageSide, evaluationHostSide, {
      onOpen: () => void this.#open(),
      onLost: reason => this.#fail(reason),
    });
    this.#state = readState(this.#connection.wire.load());
    // In a browser the page itself follows the system's colour scheme; its colours are all in the styles.
    onThemeChange(() => undefined);
  }

  #ask<K extends keyof EvaluationRequests & string>(
    name: K,
    params: EvaluationRequests[K]['params'],
  ): Promise<EvaluationRequests[K]['result']> {
    return this.#connection.request(name, params);
  }

  /** Tells the editor itself something; the process gets it too, and passes it over. */
  #order(order: EditorOrder): void {
    this.#connection.wire.send({ kind: 'event', name: 'order', params: order });
  }

  async #open(): Promise<void> {
    const turn = ++this.#turn;
    setShown(this.#page, false);
    this.#notice.showReading();
    try {
      const opened = await this.#ask('open', {});
      if (turn === this.#turn) this.#show(opened);
    } catch (error) {
      if (turn === this.#turn) this.#fail(messageOf(error));
    }
  }

  #fail(reason: string): void {
    this.#turn++;
    setShown(this.#page, false);
    this.#notice.showFailure(reason);
  }

  #show(opened: OpenedEvaluation): void {
    this.#opened = opened;
    this.#notice.hide();
    this.#summary.open(opened);
    setShown(this.#page, true);
    setShown(this.#results, false);
    const { dataset, subject } = opened;
    const split =
      dataset.samples[this.#state.split] > 0
        ? this.#state.split
        : dataset.samples.test > 0
          ? 'test'
          : 'train';
    this.#keep({ subject, split });
    this.#splits.show(split);
    setShown(this.#splits.element, dataset.samples.test > 0);
    this.#preparePad(opened);
    if (opened.kept !== null && split === 'test') this.#showReport(opened.kept);
    else void this.#evaluate();
  }

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }

  #chooseSplit(split: SplitName): void {
    this.#keep({ split, cell: null });
    void this.#evaluate();
  }

  async #evaluate(): Promise<void> {
    const turn = ++this.#turn;
    const { split } = this.#state;
    this.#progress.show(0);
    const watching = setInterval(() => {
      this.#ask('progress', {}).then(
        ({ share }) => {
          if (turn === this.#turn) this.#progress.show(share);
        },
        () => undefined,
      );
    }, interval);
    try {
      const report = await this.#ask('evaluate', { split });
      if (turn === this.#turn) this.#showReport(report);
    } catch (error) {
      if (turn === this.#turn) this.#progress.fail(messageOf(error));
    } finally {
      clearInterval(watching);
    }
  }

  #showReport(report: EvaluationReport): void {
    this.#report = report;
    this.#turn++;
    this.#progress.hide();
    this.#summary.show(report);
    this.#assumptions.replaceChildren(
      ...[notKeptOf(report), assumptionsOf(report, () => this.#order({ kind: 'choose-reading' }))].filter(
        made => made !== undefined,
      ),
    );
    this.#classes.replaceChildren(classTable(report));
    this.#reliability.replaceChildren(reliabilityDiagram(report.calibration));
    setShown(this.#results, true);
    this.#confusion.show(report, this.#state.cell);
    this.#mistakes.show(report.mistakes, this.#gallery(), 'There are none.');
    this.#chooseCell(this.#state.cell ?? worstCell(report));
  }

  #gallery(): GalleryContext {
    const { split = 'test', classes = [] } = this.#report?.dataset ?? {};
    return {
      classes,
      image: this.#opened?.dataset.image ?? null,
      load: async indices => bytesOf((await this.#ask('samples', { split, indices })).pixels),
      onChoose: pixels => {
        this.#pad.put(pixels);
        this.#drawing.scrollIntoView({ block: 'nearest' });
      },
    };
  }

  /** Shows the samples of a cell. */
  #chooseCell(cell: Cell): void {
    if (this.#report === undefined) return;
    this.#keep({ cell });
    this.#confusion.select(cell);
    const { classes } = this.#report.dataset;
    const samples = samplesOfCell(this.#report, cell.actual, cell.predicted);
    const [actual, predicted] = [
      classes[cell.actual] ?? cell.actual,
      classes[cell.predicted] ?? cell.predicted,
    ];
    const what =
      cell.actual === cell.predicted ? `${actual}, taken for it` : `${actual}, taken for ${predicted}`;
    setText(this.#cellTitle, `${what}: ${wholeNumber(samples.length)}`);
    this.#cell.show(samples, this.#gallery(), 'There are no such samples.');
  }

  #preparePad({ dataset }: OpenedEvaluation): void {
    const { image, classes, samples } = dataset;
    setShown(this.#drawing, image !== null);
    if (image === null) return;
    this.#pad.begin({
      classes,
      image,
      predict: async pixels => (await this.#ask('predict', { pixels: base64Of(pixels) })).probabilities,
      sample: async () => {
        const { split } = this.#state;
        const index = Math.floor(Math.random() * samples[split]);
        return bytesOf((await this.#ask('samples', { split, indices: [index] })).pixels);
      },
    });
  }
}

/** The cell with the most mistakes: what one would look at first. */
function worstCell({ confusion }: EvaluationReport): Cell {
  let worst = { actual: 0, predicted: 0, count: 0 };
  for (const [actual, row] of confusion.entries()) {
    for (const [predicted, count] of row.entries())
      if (actual !== predicted && count > worst.count) worst = { actual, predicted, count };
  }
  return { actual: worst.actual, predicted: worst.predicted };
}
