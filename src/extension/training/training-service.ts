/** The run in progress: at most one a window. Starts its process, follows it, and steers it. */
import * as vscode from 'vscode';
import type {
  PreparationStage,
  TrainerParams,
  TrainerPhase,
  TrainerQuery,
  TrainerRequest,
  TrainerState,
} from '../../protocol/trainer';
import type { TrainingEvent } from '../../protocol/training-events';
import { Disposables } from '../common/disposables';
import { ReadyTrainer } from './ready-trainer';
import { advance, noProgress, type RunProgress } from './run-progress';
import type { TrainerProgram } from './start-trainer';
import { type TrainerExit, TrainerGone } from './trainer-exit';
import type { TrainerProcess } from './trainer-process';

/** How a run ended. */
export interface RunEnd {
  readonly progress: RunProgress;
  /** How its process ended; a process that told of no outcome has crashed. */
  readonly exit: TrainerExit;
  /** Whether it was given up before it began, so that there is nothing left of it. */
  readonly cancelled: boolean;
}

/** The run in progress. */
export class TrainingService extends Disposables {
  readonly #changed = this.add(new vscode.EventEmitter<void>());
  readonly #told = this.add(new vscode.EventEmitter<readonly TrainingEvent[]>());
  readonly #ended = this.add(new vscode.EventEmitter<RunEnd>());
  /** The phase, the progress or the learning rate is another one. */
  readonly onDidChange = this.#changed.event;
  /** What the run tells, in batches. */
  readonly onEvents = this.#told.event;
  /** The run is over and its process is gone. */
  readonly onDidEnd = this.#ended.event;
  #process: TrainerProcess | undefined;
  #over: Promise<void> = Promise.resolve();
  #state: TrainerState = { phase: 'idle', lr: null };
  #progress = noProgress;
  #folder: string | undefined;
  #started: TrainerParams<'start'> | undefined;
  #cancelled = false;

  readonly #ready: ReadyTrainer;

  constructor(
    program: TrainerProgram,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.#ready = this.add(new ReadyTrainer(program));
  }

  /** Whether there is a run in progress, paused or not. */
  get active(): boolean {
    return this.#process !== undefined;
  }

  /** How far the process is; `idle` where there is none. */
  get phase(): TrainerPhase {
    return this.active ? this.#state.phase : 'idle';
  }

  /** Whether the run in progress has not begun yet. */
  get preparing(): boolean {
    return this.active && this.#progress.start === undefined;
  }

  /** What the run is being prepared by. */
  get stage(): PreparationStage | undefined {
    return this.#state.stage;
  }

  /** The learning rate, where it is known. */
  get learningRate(): number | null {
    return this.#state.lr;
  }

  /** What is known of the run, also after its end. */
  get progress(): RunProgress {
    return this.#progress;
  }

  /** The folder of the run in progress, as soon as it has one. */
  get folder(): string | undefined {
    return this.active ? this.#folder : undefined;
  }

  /** The folder of the run in progress or, after its end, of the last one. */
  get lastFolder(): string | undefined {
    return this.#folder;
  }

  /** The training process. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Starts the process of a run that a person is about to begin, so that it is there when they have said on what.
   * @param choose what they are asked; undefined if they changed their mind, and the process ends
   */
  async whileStarting<T>(choose: () => Promise<T | undefined>): Promise<T | undefined> {
    if (this.active) return choose();
    this.#ready.prepare();
    let chosen: T | undefined;
    try {
      chosen = await choose();
      return chosen;
    } finally {
      if (chosen === undefined) this.#ready.dispose();
    }
  }

  /** Begins the run once more that was begun last. */
  async startAgain(): Promise<void> {
    if (this.#started !== undefined) await this.start(this.#started);
  }

  /** Begins a run. */
  async start(params: TrainerParams<'start'>): Promise<void> {
    this.#folder = undefined;
    this.#started = params;
    await this.#begin('start', params);
  }

  /** Goes on with a run. */
  async resume(params: TrainerParams<'resume'>): Promise<void> {
    this.#folder = params.run;
    await this.#begin('resume', params);
  }

  /** Steers the run in progress. */
  async request<R extends TrainerRequest>(request: R, params: TrainerParams<R>): Promise<void> {
    if (this.#process === undefined) throw new Error('no run is in progress; start one first');
    const process = this.#process;
    const state = await process.request(request, params);
    if (this.#process === process) this.#setState(state);
  }

  /** Asks about a tensor of the run in progress, which must rest. */
  async query<Params extends object, Result>(
    query: TrainerQuery<Params, Result>,
    params: Params,
  ): Promise<Result> {
    if (this.#process === undefined) throw new Error('no run is in progress; start one and pause it');
    return this.#process.query(query, params);
  }

  /**
   * Stops the run in progress and waits until it is saved and its process has ended. Of one that has not begun yet
   * nothing is left.
   */
  async stop(): Promise<void> {
    if (this.#process === undefined) return;
    const over = this.#over;
    if (this.preparing) {
      this.#cancelled = true;
      await this.#process.cancel();
    } else {
      await this.request('stop', {}).catch(error => {
        if (!(error instanceof TrainerGone)) throw error;
      });
    }
    await over;
  }

  override dispose(): void {
    this.#process?.dispose();
    super.dispose();
  }

  async #begin<R extends TrainerRequest>(request: R, params: TrainerParams<R>): Promise<void> {
    this.#refuseSecond();
    const child = this.#ready.take();
    const { TrainerProcess } = await import('./trainer-process');
    if (this.active) child.disconnect();
    this.#refuseSecond();
    this.#progress = noProgress;
    this.#cancelled = false;
    this.#over = new Promise(resolve => {
      this.#process = new TrainerProcess(child, {
        onEvents: events => this.#onEvents(events),
        onState: state => this.#setState(state),
        onOutput: text => this.log.warn(text),
        onExit: exit => void this.#onExit(exit).finally(resolve),
      });
    });
    // The text of a Python file is no news.
    const shown = JSON.stringify(params, (key, value: unknown) => (key === 'text' ? undefined : value));
    this.log.info(`${request}: ${shown}, process ${this.pid}`);
    this.#setState({ phase: 'preparing', lr: null });
    try {
      await this.request(request, params);
    } catch (error) {
      this.#process?.dispose();
      // How the process ended is told to everybody; its own end is all that is left to wait for.
      if (!(error instanceof TrainerGone)) throw error;
    }
  }

  #refuseSecond(): void {
    if (this.active) throw new Error('a run is in progress already; stop it first');
  }

  #onEvents(events: readonly TrainingEvent[]): void {
    for (const event of events) {
      if (event.event !== 'step') this.log.info(JSON.stringify(event));
      if (event.event === 'start') this.#folder = event.run;
      this.#progress = advance(this.#progress, event);
    }
    this.#told.fire(events);
    this.#changed.fire();
  }

  #setState(state: TrainerState): void {
    this.#state = state;
    void vscode.commands.executeCommand('setContext', 'descent.phase', this.phase);
    this.#changed.fire();
  }

  async #onExit(exit: TrainerExit): Promise<void> {
    this.log.info(`the training process ended: code ${exit.code}, signal ${exit.signal}`);
    const progress = this.#progress;
    const cancelled = this.#cancelled && this.preparing;
    this.#process = undefined;
    if (progress.outcome === undefined && this.#folder !== undefined) {
      const { recordCrash } = await import('./crash-record');
      await recordCrash(this.#folder, exit).catch(error => this.log.warn(String(error)));
    }
    this.#setState({ phase: 'idle', lr: null });
    this.#ended.fire({ progress, exit, cancelled });
  }
}
