/** What a person sees between the command and the first step, if that takes long: what is done, and a way out. */
import * as vscode from 'vscode';
import type { PreparationStage } from '../../protocol/trainer';
import type { TrainingService } from './training-service';

/** Milliseconds after which somebody who waits wants to know for what. */
const patience = 1000;

const doing: Readonly<Record<PreparationStage, string>> = {
  data: 'reading the data',
  device: 'looking for the fastest device',
  model: 'compiling the model',
};

/** Shows progress until the run begins or is gone. */
async function show(training: TrainingService): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const title = 'Preparing to train';
  await vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => {
      progress.report({ message: 'cancelling' });
      void training.stop();
    });
    return new Promise<void>(resolve => {
      const follow = () => {
        if (!training.preparing) {
          changes.dispose();
          resolve();
        } else if (training.stage !== undefined && !token.isCancellationRequested) {
          progress.report({ message: doing[training.stage] });
        }
      };
      const changes = training.onDidChange(follow);
      follow();
    });
  });
}

/** Shows what a run is prepared by, wherever that takes more than a moment. */
export function registerPreparationProgress(training: TrainingService): vscode.Disposable {
  let waiting: NodeJS.Timeout | undefined;
  const forget = () => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const changes = training.onDidChange(() => {
    if (!training.preparing) forget();
    else waiting ??= setTimeout(() => training.preparing && void show(training), patience);
  });
  return vscode.Disposable.from(changes, { dispose: forget });
}
