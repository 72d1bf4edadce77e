/** All features, each of which registers itself. */
import * as vscode from 'vscode';
import { registerCheckpointCommands } from './checkpoints/checkpoint-commands';
import { registerCheckpointEditors } from './checkpoints/checkpoint-editor';
import { registerControls } from './commands/control';
import { registerTrainCommands, Starter } from './commands/train';
import { createLog } from './common/log';
import { registerDashboard } from './dashboard/dashboard';
import { chooseDataset } from './datasets/choose-dataset';
import { DatasetPanels } from './datasets/dataset-panels';
import { registerDatasetView } from './datasets/dataset-view';
import { Downloads, registerDownloads } from './datasets/download';
import { registerEvaluation } from './evaluation/evaluate-command';
import { registerGraphPanel } from './graph/graph-panel';
import { registerGraphView } from './graph/graph-view';
import { NodeChoice } from './graph/node-choice';
import { registerPython } from './python/python';
import { registerRunCommands } from './runs/run-commands';
import { registerRunCount } from './runs/run-count';
import { RunStore } from './runs/run-store';
import { registerRunsView } from './runs/runs-view';
import { registerStatusBar } from './status-bar/status-bar';
import { registerTensorPanel } from './tensor/tensor-panel';
import { registerBreakpoints } from './training/breakpoints';
import { registerInterrupted } from './training/interrupted';
import { registerNotifications } from './training/notifications';
import { registerPreparationProgress } from './training/preparation-progress';
import { TrainingService } from './training/training-service';

/** Registers the features. Nothing is started and nothing is read before somebody asks for it. */
export function registerFeatures(context: vscode.ExtensionContext): void {
  const log = createLog();
  const trainer = vscode.Uri.joinPath(context.extensionUri, 'dist', 'trainer.js').fsPath;
  const training = new TrainingService(trainer, log);
  const starter = new Starter(training, context.globalStorageUri);
  const store = new RunStore(training, context.globalStorageUri);
  const runs = registerRunsView(store);
  const downloads = new Downloads();
  const nodes = new NodeChoice();
  const panels = new DatasetPanels(context.extensionUri, log);
  context.subscriptions.push(
    log,
    training,
    store,
    downloads,
    nodes,
    registerNotifications(training, nodes, log),
    registerPreparationProgress(training),
    registerInterrupted(training, context.workspaceState),
    registerBreakpoints(training, log),
    registerStatusBar(training),
    registerTrainCommands(starter, downloads, log),
    registerDownloads(downloads, log),
    registerControls(training, log),
    panels,
    registerDatasetView(
      {
        train: folder => starter.start({ dataset: folder }),
        showSamples: folder => panels.show(folder),
        choose: () => chooseDataset(downloads, { question: 'What should be shown?' }),
      },
      log,
    ),
    runs,
    registerRunCount(store),
    registerRunCommands({ store, starter, log }),
    registerGraphPanel({ extensionUri: context.extensionUri, store, nodes, log }),
    registerGraphView({ training, store, nodes, log }),
    registerTensorPanel(context.extensionUri, training, log),
    registerPython({ extensionUri: context.extensionUri, trainer, training, starter, downloads, log }),
    registerCheckpointEditors(context.extensionUri, log),
    registerCheckpointCommands({ extensionUri: context.extensionUri, store, log }),
    registerEvaluation({
      extensionUri: context.extensionUri,
      downloads,
      memory: context.workspaceState,
      log,
    }),
    registerDashboard({ extensionUri: context.extensionUri, training, store, runs, nodes, log }),
  );
}
