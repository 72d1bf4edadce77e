/**
 * All features, each of which registers itself. What this file reaches by plain imports is what VS Code waits for when it
 * activates the extension: it is to know which commands, views and providers there are. What these need (libraries,
 * schemas, readers, pages) is loaded by `import()`, in the `register.ts` of each feature, when somebody uses it first.
 */
import * as vscode from 'vscode';
import { registerCheckpoints } from './checkpoints/register';
import { registerControls, registerTrainCommands } from './commands/register';
import { Starter } from './commands/starter';
import { createLog } from './common/log';
import { registerDashboard } from './dashboard/register';
import { chooserOf, laterDownloads, registerDatasets } from './datasets/register';
import { registerEvaluation } from './evaluation/register';
import { NodeChoice } from './graph/node-choice';
import { registerGraph } from './graph/register';
import { registerPython } from './python/register';
import { registerRuns, registerRunsView } from './runs/register';
import { RunStore } from './runs/run-store';
import { registerStatusBar } from './status-bar/status-bar';
import { registerTensorPanel } from './tensor/register';
import { registerBreakpoints } from './training/breakpoints';
import { registerInterrupted } from './training/interrupted';
import { registerNotifications } from './training/notifications';
import { registerPreparationProgress } from './training/preparation-progress';
import { TrainingService } from './training/training-service';

/** Registers the features. Nothing is started and nothing is read before somebody asks for it. */
export function registerFeatures({
  extensionUri,
  globalStorageUri,
  workspaceState: memory,
  subscriptions,
}: vscode.ExtensionContext): void {
  const log = createLog();
  const trainer = vscode.Uri.joinPath(extensionUri, 'dist', 'trainer.js').fsPath;
  const compiled = vscode.Uri.joinPath(globalStorageUri, 'compiled').fsPath;
  const training = new TrainingService({ module: trainer, compiled }, log);
  const starter = new Starter(training, globalStorageUri);
  const store = new RunStore(training, globalStorageUri);
  const runs = registerRunsView(store);
  const downloads = laterDownloads();
  const chooseDataset = chooserOf(downloads);
  const nodes = new NodeChoice();
  const context = { extensionUri, trainer, training, starter, store, runs, nodes, chooseDataset, log };
  subscriptions.push(
    log,
    training,
    store,
    downloads,
    nodes,
    runs,
    registerNotifications(training, nodes, log),
    registerPreparationProgress(training),
    registerInterrupted(training, memory),
    registerBreakpoints(training, log),
    registerStatusBar(training),
    registerTrainCommands(context),
    registerControls(context),
    registerDatasets({ ...context, downloads }),
    registerRuns(context),
    registerGraph(context),
    registerTensorPanel(context),
    registerPython(context),
    registerCheckpoints(context),
    registerEvaluation({ ...context, memory }),
    registerDashboard(context),
  );
}
