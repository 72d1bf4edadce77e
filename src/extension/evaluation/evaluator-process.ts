/** The process that evaluates for a page, seen from the host. It has nothing to save. Knows nothing of VS Code. */
import { type ChildProcess, fork } from 'node:child_process';
import type { PageSubject } from '../../protocol/evaluation-page';
import { describeExit } from '../training/trainer-exit';

/** Who follows a process. */
export interface EvaluatorListener {
  /** A message for the page. */
  onMessage(message: unknown): void;
  /** What the process writes: traces of errors, warnings of native code. */
  onOutput(text: string): void;
  /** The process is gone, though nobody has ended it; the next message begins another one. */
  onFailure(reason: string): void;
}

/** A process that is begun when there is something to evaluate, and begun anew after it has failed. */
export class EvaluatorProcess {
  #child: ChildProcess | undefined;

  /** @param module the trainer's bundle */
  constructor(
    private readonly module: string,
    private readonly subject: PageSubject,
    private readonly listener: EvaluatorListener,
  ) {}

  /** The process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Begins before anybody asks, while the page is still being loaded. */
  start(): void {
    this.#child ??= this.#begin();
  }

  /** Hands on a message of the page. */
  post(message: object): void {
    this.#child ??= this.#begin();
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Ends the process at once, whatever it computes. */
  dispose(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGKILL');
  }

  #begin(): ChildProcess {
    // In VS Code for the desktop this process is Electron, which is asked to be Node.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const child = fork(this.module, ['evaluate', JSON.stringify(this.subject)], {
      env,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.listener.onOutput(text.trimEnd()));
    const isCurrent = () => this.#child === child;
    child.on('message', message => {
      if (isCurrent()) this.listener.onMessage(message);
    });
    const fail = (reason: string) => {
      if (!isCurrent()) return;
      this.#child = undefined;
      this.listener.onFailure(reason);
    };
    child.once('exit', (code, signal) => fail(describeExit({ code, signal })));
    child.once('error', error => fail(error.message));
    return child;
  }
}
