/** What a person is told when a run is over, with what they can do next. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { BreakpointEvent } from '../../protocol/training-events';
import { commands } from '../commands/ids';
import { counted, duration, percent } from '../common/format';
import { reveal } from '../common/reveal';
import type { NodeChoice } from '../graph/node-choice';
import { describeExit } from './trainer-exit';
import type { RunEnd, TrainingService } from './training-service';

const openDashboard = 'Open Dashboard';
const revealCheckpoint = 'Show Checkpoint';
const resumeRun = 'Resume';
const showLog = 'Show Log';

type Outcome<E> = Extract<RunEnd['progress']['outcome'], { event: E }>;

/** Shows the ends of runs. */
export function registerNotifications(
  training: TrainingService,
  nodes: NodeChoice,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    training.onDidEnd(end => void new RunEndMessage(end, training, log).show()),
    training.onEvents(events => {
      for (const event of events)
        if (event.event === 'breakpoint') void showBreakpoint(training, nodes, event);
    }),
  );
}

const slower = 'Continue at a Tenth of the Rate';
const stop = 'Stop';
const showInGraph = 'Show in Graph';

/** Tells that the run has paused by itself, and offers the usual way on. */
async function showBreakpoint(
  training: TrainingService,
  nodes: NodeChoice,
  event: BreakpointEvent,
): Promise<void> {
  const { node } = event;
  const { folder } = training;
  const { describeBreakpoint } = await import('../../protocol/breakpoints');
  const message = `Descent: ${describeBreakpoint(event)}`;
  const place = node === null ? [] : [showInGraph];
  let answer = await vscode.window.showWarningMessage(message, ...place, slower, stop);
  if (answer === showInGraph && node !== null && folder !== undefined) {
    nodes.open({ run: path.basename(folder), node });
    // Whoever has seen the place still has to say how to go on.
    answer = await vscode.window.showWarningMessage(message, slower, stop);
  }
  if (!training.active) return;
  if (answer === stop) await vscode.commands.executeCommand(commands.stop);
  const lr = training.learningRate;
  if (answer !== slower || lr === null) return;
  await training.request('setLearningRate', { lr: lr / 10 });
  await training.request('continue', {});
}

class RunEndMessage {
  /** The folder of the run, as it was when it ended. */
  readonly #folder: string | undefined;

  constructor(
    private readonly end: RunEnd,
    private readonly training: TrainingService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#folder = training.lastFolder;
  }

  async show(): Promise<void> {
    const { outcome } = this.end.progress;
    if (this.end.cancelled) this.#cancelled();
    else if (outcome === undefined) await this.#crashed();
    else if (outcome.event === 'end') await this.#finished(outcome);
    else if (outcome.event === 'stopped') await this.#stopped(outcome);
    else await this.#failed(outcome);
  }

  /** The person knows; they are told only that it has happened. */
  #cancelled(): void {
    const message = 'Descent: cancelled before training began; nothing was written.';
    vscode.window.setStatusBarMessage(message, 5000);
  }

  async #finished({ testAccuracy, seconds, checkpoint, stoppedEarly }: Outcome<'end'>): Promise<void> {
    const { start, last } = this.end.progress;
    const accuracy = testAccuracy ?? last?.validationAccuracy ?? last?.trainAccuracy;
    const of = testAccuracy === null ? 'accuracy' : 'test accuracy';
    const count = stoppedEarly ? last?.epoch : start?.epochs;
    const epochs = count === undefined ? '' : ` after ${counted(count, 'epoch')}`;
    const early = stoppedEarly ? ', early' : '';
    const result = accuracy === undefined ? 'done' : `${percent(accuracy)} ${of}`;
    const where = start === undefined ? '' : ` on ${start.dataset.name}`;
    const answer = await vscode.window.showInformationMessage(
      `Descent: training${where} is complete: ${result}${epochs}${early} (${duration(seconds)}).`,
      openDashboard,
      revealCheckpoint,
    );
    if (answer === openDashboard) await this.#openDashboard();
    if (answer === revealCheckpoint) await reveal(checkpoint);
  }

  async #stopped({ epoch, step }: Outcome<'stopped'>): Promise<void> {
    const answer = await vscode.window.showInformationMessage(
      `Descent: training was stopped at step ${step}, after ${counted(epoch, 'whole epoch')}. It is saved and can go on from there.`,
      resumeRun,
    );
    if (answer === resumeRun) await this.#resume();
  }

  async #failed({ message, question }: Outcome<'error'>): Promise<void> {
    if (question !== undefined) {
      const { askAboutData } = await import('../datasets/ask-about-data');
      if (await askAboutData(message, question)) await this.training.startAgain();
      return;
    }
    const answer = await vscode.window.showErrorMessage(`Descent: ${message}`, showLog);
    if (answer === showLog) this.log.show(true);
  }

  async #crashed(): Promise<void> {
    const how = describeExit(this.end.exit);
    const run = this.#folder;
    const kept =
      run === undefined
        ? 'No run had begun; try again, on another device if this repeats.'
        : `The run ${path.basename(run)} is kept and can go on from its last checkpoint.`;
    const actions = run === undefined ? [showLog] : [resumeRun, showLog];
    const answer = await vscode.window.showErrorMessage(
      `Descent: the training process stopped unexpectedly (${how}). ${kept}`,
      ...actions,
    );
    if (answer === resumeRun) await this.#resume();
    if (answer === showLog) this.log.show(true);
  }

  async #openDashboard(): Promise<void> {
    await vscode.commands.executeCommand(commands.openDashboard, this.#folder);
  }

  async #resume(): Promise<void> {
    await vscode.commands.executeCommand(commands.resumeRun, this.#folder);
  }
}
