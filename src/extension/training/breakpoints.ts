/** Breakpoints on numbers: settings, the command that changes them, and the run in progress, which follows them. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { registerCommand } from '../common/log';
import { breakpointSettings, breakpoints, isBreakpointSetting } from '../settings/settings';
import type { TrainingService } from './training-service';

type Bound = Exclude<keyof typeof breakpointSettings, 'notFinite'>;

const labels = {
  notFinite: 'A number becomes NaN or infinite, or the loss explodes',
  lossAbove: 'The loss of a step is above …',
  gradientNormAbove: 'The norm of the gradient is above …',
  valueAbove: 'A value of the forward pass is further from zero than …',
} as const;

/** What is wrong with a bound, as the input box says it; undefined where nothing is. */
export function checkBound(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  return Number(text) > 0 && Number.isFinite(Number(text))
    ? undefined
    : 'Expected a number above 0, or nothing for no breakpoint.';
}

function save(name: keyof typeof breakpointSettings, value: boolean | number | null): Thenable<void> {
  return vscode.workspace
    .getConfiguration('descent')
    .update(breakpointSettings[name], value, vscode.ConfigurationTarget.Global);
}

async function askBound(name: Bound): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: labels[name],
    prompt: 'The run pauses before the step that goes beyond. Leave it empty for no breakpoint.',
    value: String(breakpoints()[name] ?? ''),
    validateInput: checkBound,
  });
  if (text !== undefined) await save(name, text.trim() === '' ? null : Number(text));
}

async function setBreakpoints(): Promise<void> {
  const now = breakpoints();
  const bounds = ['lossAbove', 'gradientNormAbove', 'valueAbove'] as const;
  const items = [
    { name: 'notFinite', label: labels.notFinite, description: now.notFinite ? 'pauses' : 'off' } as const,
    ...bounds.map(name => {
      const bound = now[name];
      return { name, label: labels[name], description: bound === null ? 'off' : `pauses above ${bound}` };
    }),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Pause Training When',
    placeHolder:
      'On the CPU; on a GPU, which keeps nothing of what was before a step, the run is ended instead',
  });
  if (picked === undefined) return;
  if (picked.name === 'notFinite') await save('notFinite', !now.notFinite);
  else await askBound(picked.name);
}

/** Registers the command, and lets runs follow the settings. */
export function registerBreakpoints(
  training: TrainingService,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const tell = () => {
    if (training.active)
      training.request('setBreakpoints', breakpoints()).catch(error => log.warn(String(error)));
  };
  return vscode.Disposable.from(
    registerCommand(log, commands.setBreakpoints, setBreakpoints),
    training.onEvents(events => {
      if (events.some(({ event }) => event === 'start')) tell();
    }),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (isBreakpointSetting(change)) tell();
    }),
  );
}
