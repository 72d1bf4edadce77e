/** The training process, seen from the host. Knows nothing of VS Code. */
import type { ChildProcess } from 'node:child_process';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  eventsMethod,
  eventsSchema,
  methodOf,
  stateMethod,
  type TrainerParams,
  type TrainerQuery,
  type TrainerRequest,
  type TrainerState,
  trainerStateSchema,
} from '../../protocol/trainer';
import type { TrainingEvent } from '../../protocol/training-events';
import { type TrainerExit, TrainerGone } from './trainer-exit';

/** Milliseconds in which what a process has sent arrives after its end. */
const lastWords = 500;

/** Milliseconds in which a process that prepares a run should have heard that it is not wanted. */
const hearing = 2000;

/** Who follows a process. */
export interface TrainerListener {
  onEvents(events: readonly TrainingEvent[]): void;
  onState(state: TrainerState): void;
  /** What the process writes: traces of errors, warnings of native code. */
  onOutput(text: string): void;
  /** Called once, after everything else. */
  onExit(exit: TrainerExit): void;
}

/** A training process. */
export class TrainerProcess {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  /** Rejects when the process is gone, so that no request waits for ever. */
  readonly #gone: Promise<never>;
  /** Whether there is something that has to be saved. */
  #begun = false;

  /** @param child that has not ended: of one that has, nothing is heard any more */
  constructor(child: ChildProcess, listener: TrainerListener) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => listener.onOutput(text.trimEnd()));
    }
    this.#gone = new Promise((_, reject) => {
      let over = false;
      const end = (exit: TrainerExit) => {
        if (over) return;
        over = true;
        reject(new TrainerGone());
        this.#connection.dispose();
        listener.onExit(exit);
      };
      child.once('close', (code, signal) => end({ code, signal }));
      // Messages may still be on their way then; but where this end has closed the channel, Node tells of no `close`.
      child.once('exit', (code, signal) => setTimeout(() => end({ code, signal }), lastWords));
      child.once('error', error => {
        listener.onOutput(String(error));
        if (child.pid === undefined) end({ code: null, signal: null });
      });
      // Of one that could not be started that may have been told before.
      if (child.pid === undefined) setImmediate(() => end({ code: null, signal: null }));
    });
    this.#gone.catch(() => undefined);
    this.#connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    this.#connection.onNotification(eventsMethod, (params: unknown) => {
      const { success, data, error } = eventsSchema.safeParse(params);
      if (success) {
        this.#begun ||= data.events.some(({ event }) => event === 'start');
        listener.onEvents(data.events);
      } else listener.onOutput(`not understood: ${error.message}`);
    });
    this.#connection.onNotification(stateMethod, (params: unknown) => {
      const { success, data } = trainerStateSchema.safeParse(params);
      if (success) listener.onState(data);
    });
    this.#connection.onError(([error]) => listener.onOutput(String(error)));
    this.#connection.listen();
  }

  /** The process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Asks the process for something.
   * @throws with a sentence for the person when it is refused, or when the process is gone
   */
  async request<R extends TrainerRequest>(request: R, params: TrainerParams<R>): Promise<TrainerState> {
    const answer = this.#connection.sendRequest<unknown>(methodOf(request), params);
    answer.catch(() => undefined);
    return trainerStateSchema.parse(await Promise.race([answer, this.#gone]));
  }

  /**
   * Ends a process that prepares a run. It is killed if it is too busy to hear: nothing has been written yet. A run
   * that has begun meanwhile is saved.
   */
  async cancel(patience = hearing): Promise<void> {
    const killing = setTimeout(() => {
      if (!this.#begun) this.#child.kill('SIGKILL');
    }, patience);
    this.request('stop', {}).catch(() => undefined);
    await this.#gone.catch(() => clearTimeout(killing));
  }

  /**
   * Asks about a tensor of a run that rests.
   * @throws with a sentence for the person when it is refused, or when the process is gone
   */
  async query<Params extends object, Result>(
    { name, result }: TrainerQuery<Params, Result>,
    params: Params,
  ): Promise<Result> {
    const answer = this.#connection.sendRequest<unknown>(methodOf(name), params);
    answer.catch(() => undefined);
    const parsed = result.safeParse(await Promise.race([answer, this.#gone]));
    if (!parsed.success) throw new Error(`not understood: ${parsed.error.message}`);
    return parsed.data;
  }

  /** Lets go of the process: it saves its run and ends. */
  dispose(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
