/** The commands that begin a run, and those that steer the one in progress. */
import * as vscode from 'vscode';
import { registerCommand } from '../common/log';
import type { ChooseDataset } from '../datasets/choose-dataset';
import type { TrainingService } from '../training/training-service';
import { commands } from './ids';
import type { Starter } from './starter';

/** What the commands work with. */
export interface CommandContext {
  readonly training: TrainingService;
  readonly starter: Starter;
  readonly chooseDataset: ChooseDataset;
  readonly log: vscode.LogOutputChannel;
}

/** Registers those that begin a run. */
export function registerTrainCommands({
  training,
  starter,
  chooseDataset,
  log,
}: CommandContext): vscode.Disposable {
  const trainMnist = async (folder: unknown) => {
    const dataset = typeof folder === 'string' ? folder : await training.whileStarting(() => chooseDataset());
    if (dataset !== undefined) await starter.start({ dataset, model: 'mnist-mlp' });
  };
  const trainAny = async () => {
    const settings = await training.whileStarting(async () => {
      const { askForRun } = await import('./train-wizard');
      return askForRun(chooseDataset);
    });
    if (settings !== undefined) await starter.start(settings);
  };
  return vscode.Disposable.from(
    registerCommand(log, commands.trainMnist, trainMnist),
    registerCommand(log, commands.train, trainAny),
    registerCommand(log, commands.selectDevice, async () => (await import('./train-wizard')).selectDevice()),
    registerCommand(log, commands.trainDigits, () => starter.start({ dataset: null })),
  );
}

/** Registers those that steer the run in progress. */
export function registerControls({ training, log }: CommandContext): vscode.Disposable {
  const setLearningRate = async () => (await import('./learning-rate')).askLearningRate(training);
  return vscode.Disposable.from(
    registerCommand(log, commands.pause, () => training.request('pause', {})),
    registerCommand(log, commands.continue, () => training.request('continue', {})),
    registerCommand(log, commands.step, () => training.request('step', { count: 1 })),
    registerCommand(log, commands.stop, () => training.stop()),
    registerCommand(log, commands.setLearningRate, setLearningRate),
    registerCommand(log, commands.showLog, () => log.show()),
  );
}
