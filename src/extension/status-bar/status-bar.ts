/** The item in the status bar: while a run is in progress it says where, how far and how good. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { lossText, percent } from '../common/format';
import { Throttled } from '../common/throttled';
import { shareDone } from '../training/run-progress';
import type { TrainingService } from '../training/training-service';

/** Milliseconds between two changes of the text: faster than this nobody reads. */
const interval = 250;

function textOf({ phase, progress }: TrainingService): string {
  const { start, epoch, loss } = progress;
  if (phase === 'preparing' || start === undefined) return '$(loading~spin) Descent: preparing';
  const icon = phase === 'paused' ? '$(debug-pause)' : phase === 'stopping' ? '$(debug-stop)' : '$(pulse)';
  const shown = [
    start.device,
    `epoch ${Math.max(1, epoch)}/${start.epochs}`,
    ...(loss === undefined ? [] : [`loss ${lossText(loss)}`]),
    `${Math.floor(shareDone(progress) * 100)} %`,
  ];
  return `${icon} ${shown.join(' · ')}`;
}

function tooltipOf({ phase, progress }: TrainingService): string {
  const { start, last } = progress;
  if (start === undefined) return 'Descent: reading the data and preparing the model';
  const accuracy = last?.validationAccuracy;
  return [
    `Descent: ${start.model} on ${start.dataset.name}, ${phase}`,
    `Device: ${start.device}${start.deviceReason === '' ? '' : ` (${start.deviceReason})`}`,
    ...(accuracy == null ? [] : [`Validation accuracy: ${percent(accuracy)}`]),
    'Select to open the dashboard.',
  ].join('\n');
}

/** Shows the item while a run is in progress. */
export function registerStatusBar(training: TrainingService): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('descent.training', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Descent: Training';
  item.command = commands.openDashboard;
  const show = () => {
    if (!training.active) {
      item.hide();
      return;
    }
    item.text = textOf(training);
    item.tooltip = tooltipOf(training);
    item.accessibilityInformation = { label: item.text.replace(/\$\([^)]*\)\s*/g, ''), role: 'button' };
    item.show();
  };
  const showing = new Throttled(interval, show);
  return vscode.Disposable.from(
    item,
    showing,
    training.onDidChange(() => showing.call()),
  );
}
