/** Answers the extension host: sees one run through and tells about it. */
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc';
import { noBreakpoints } from '../protocol/breakpoints';
import type { Schema } from '../protocol/endpoint';
import {
  eventsMethod,
  methodOf,
  type PreparationStage,
  pictureQuery,
  stateMethod,
  summarizeQuery,
  type TrainerParams,
  type TrainerQuery,
  type TrainerRequest,
  type TrainerState,
  trainerRequests,
  userErrorCode,
  valuesQuery,
} from '../protocol/trainer';
import type { TrainingEvent } from '../protocol/training-events';
import {
  DataQuestion,
  type Inspection,
  messageOf,
  type ResumeChanges,
  RunControl,
  type RunObserver,
  resume,
  runConfigSchema,
  train,
} from '../training';
import { EventBatcher } from './event-batcher';
import { completeSettings } from './settings';
import { editorWords } from './words';

/** Requests after which nothing follows are refused with this. */
function refuse(message: string): never {
  throw new ResponseError(userErrorCode, message);
}

/** One run, and the requests that steer it. */
export class TrainerServer {
  /** Resolves when the run is over, everything told about it is on its way, and nothing else will come. */
  readonly done: Promise<void>;
  /** Resolves when a run was asked for. */
  readonly begun: Promise<void>;
  /** Resolves when the run has taken its first step. */
  readonly firstStep: Promise<void>;
  readonly #abort = new AbortController();
  readonly #control = new RunControl(() => this.#tellState());
  readonly #batcher = new EventBatcher(events => this.#notify(eventsMethod, { events }));
  #phase: 'idle' | 'preparing' | 'training' | 'ended' = 'idle';
  #lr: number | null = null;
  #stage: PreparationStage | undefined;
  #sent: Promise<unknown> = Promise.resolve();
  #finish: () => void = () => undefined;
  #begin: () => void = () => undefined;
  #stepped: () => void = () => undefined;

  constructor(private readonly connection: MessageConnection) {
    // Somebody is there who can lower the learning rate and go on.
    this.#control.breakpoints = { ...noBreakpoints, notFinite: true };
    this.done = new Promise(resolve => {
      this.#finish = resolve;
    });
    this.begun = new Promise(resolve => {
      this.#begin = resolve;
    });
    this.firstStep = new Promise(resolve => {
      this.#stepped = resolve;
    });
    this.#answer('start', trainerRequests.start, ({ settings, runs }) => this.#start(settings, runs));
    this.#answer('resume', trainerRequests.resume, ({ run, changes }) => this.#resume(run, changes));
    this.#answer('pause', trainerRequests.pause, () => this.#steer(() => this.#control.pause()));
    this.#answer('continue', trainerRequests.continue, () => this.#steer(() => this.#control.continue()));
    this.#answer('step', trainerRequests.step, ({ count }) => this.#steer(() => this.#control.step(count)));
    this.#answer('setLearningRate', trainerRequests.setLearningRate, ({ lr }) =>
      this.#steer(() => this.#setLearningRate(lr)),
    );
    this.#answer('setBreakpoints', trainerRequests.setBreakpoints, breakpoints => {
      this.#control.breakpoints = breakpoints;
    });
    this.#answer('stop', trainerRequests.stop, () => this.stop());
    this.#answerQuery(summarizeQuery, (inspection, { tensor }) => inspection.summarize(tensor));
    this.#answerQuery(valuesQuery, (inspection, params) => inspection.values(params));
    this.#answerQuery(pictureQuery, (inspection, params) => inspection.picture(params));
  }

  /** Stops the run within a moment, with a checkpoint; ends at once where there is no run. */
  stop(): void {
    this.#abort.abort();
    if (this.#phase === 'idle') this.#end();
  }

  /** How far the run is. */
  get state(): TrainerState {
    const stage = this.#phase === 'preparing' ? this.#stage : undefined;
    return { phase: this.#shownPhase(), lr: this.#lr, ...(stage !== undefined && { stage }) };
  }

  #shownPhase(): TrainerState['phase'] {
    if (this.#phase === 'ended' || this.#phase === 'idle') return this.#phase;
    if (this.#abort.signal.aborted) return 'stopping';
    if (this.#phase === 'preparing') return 'preparing';
    return this.#control.paused ? 'paused' : 'running';
  }

  #answer<T>(request: TrainerRequest, schema: Schema<T>, body: (params: T) => void): void {
    this.connection.onRequest(methodOf(request), (params: unknown): TrainerState => {
      const parsed = schema.safeParse(params ?? {});
      if (!parsed.success) refuse(`${request}: ${parsed.error.message}`);
      body(parsed.data);
      return this.state;
    });
  }

  #answerQuery<Params, Result>(
    { name, params: schema }: TrainerQuery<Params, Result>,
    body: (inspection: Inspection, params: Params) => Promise<Result>,
  ): void {
    this.connection.onRequest(methodOf(name), async (params: unknown): Promise<unknown> => {
      const parsed = schema.safeParse(params ?? {});
      if (!parsed.success) return refuse(`${name}: ${parsed.error.message}`);
      const { inspection } = this.#control;
      if (inspection === undefined || !(await this.#control.rested())) {
        return refuse('pause the run to look at its tensors');
      }
      try {
        return await body(inspection, parsed.data);
      } catch (error) {
        return refuse(editorWords(messageOf(error)));
      }
    });
  }

  #start(settings: TrainerParams<'start'>['settings'], runs: string): void {
    const config = this.#accept(() => completeSettings(settings));
    this.#lr = config.lr;
    void this.#see(observer => train(config, { runs, ...observer }), config.dataset);
  }

  #resume(run: string, changes: TrainerParams<'resume'>['changes']): void {
    const checked = this.#accept(() => resumeChangesSchema.parse(changes));
    this.#lr = changes.lr ?? null;
    void this.#see(observer => resume(run, defined(checked), observer));
  }

  #accept<T>(body: () => T): T {
    if (this.#phase !== 'idle') refuse('this process has a run already');
    try {
      return body();
    } catch (error) {
      return refuse(editorWords(messageOf(error)));
    }
  }

  #steer(body: () => void): void {
    if (this.#phase === 'idle' || this.#phase === 'ended') refuse('no run is in progress');
    body();
  }

  #setLearningRate(lr: number): void {
    this.#lr = lr;
    this.#control.learningRate = lr;
  }

  /** @param folder of the data of a new run: an answer can be kept there, after which it is begun again */
  async #see(begin: (observer: RunObserver) => Promise<void>, folder: string | null = null): Promise<void> {
    this.#phase = 'preparing';
    this.#begin();
    // The answer goes out first: reading the data leaves no time for it.
    await new Promise(resolve => setImmediate(resolve));
    try {
      await begin({
        signal: this.#abort.signal,
        control: this.#control,
        onEvent: event => this.#onEvent(event),
        onStage: stage => {
          this.#stage = stage;
          this.#tellState();
        },
      });
    } catch (error) {
      // The trace goes to the log; the person gets the sentence.
      console.error(error);
      const message = editorWords(messageOf(error));
      const asks = error instanceof DataQuestion && folder !== null;
      const question = asks ? { question: { folder, choices: error.choices } } : {};
      this.#batcher.add({ event: 'error', message, ...question });
    }
    this.#end();
  }

  #onEvent(event: TrainingEvent): void {
    if (event.event === 'start') {
      this.#phase = 'training';
      this.#tellState();
    }
    // A schedule changes it.
    if (event.event === 'step') {
      this.#lr = event.learningRate;
      this.#stepped();
    }
    this.#batcher.add(event);
  }

  #end(): void {
    this.#phase = 'ended';
    this.#batcher.flush();
    this.#tellState();
    void this.#sent.then(this.#finish);
  }

  #tellState(): void {
    this.#notify(stateMethod, this.state);
  }

  /** A host that is gone is noticed elsewhere. */
  #notify(method: string, params: object): void {
    const sent = this.connection.sendNotification(method, params).catch(() => undefined);
    this.#sent = this.#sent.then(() => sent);
  }
}

const resumeChangesSchema = runConfigSchema
  .pick({ epochs: true, lr: true, device: true, threads: true })
  .partial();

/** Without what was not given: an explicit `undefined` would count as a change. */
function defined(changes: ReturnType<typeof resumeChangesSchema.parse>): ResumeChanges {
  const { epochs, lr, device, threads } = changes;
  return {
    ...(epochs !== undefined && { epochs }),
    ...(lr !== undefined && { lr }),
    ...(device !== undefined && { device }),
    ...(threads !== undefined && { threads }),
  };
}
