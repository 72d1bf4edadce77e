/** The settings `descent.*`, as far as they are set. Their defaults are in `package.json`. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RemoteName } from '../../data/download/catalogue';
import type { Breakpoints } from '../../protocol/breakpoints';
import type { RunSettings } from '../../protocol/trainer';

function setting<T>(name: string, is: (value: unknown) => value is T): T | undefined {
  const value: unknown = vscode.workspace.getConfiguration('descent').get(name);
  return is(value) ? value : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isString = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** A setting that somebody has set: undefined where it is left to its default. */
function chosen<T>(name: string, is: (value: unknown) => value is T): T | undefined {
  const { globalValue, workspaceValue, workspaceFolderValue } =
    vscode.workspace.getConfiguration('descent').inspect(name) ?? {};
  const set = [globalValue, workspaceValue, workspaceFolderValue].some(value => value !== undefined);
  return set ? setting(name, is) : undefined;
}

/** What the settings say about new runs; what nobody has set is left to what suits the model. */
export function runDefaults(): Partial<RunSettings> {
  const numbers = ['epochs', 'batchSize', 'validation', 'seed', 'threads'] as const;
  const given = numbers.map(name => [name, chosen(name, isNumber)] as const);
  const device = setting('device', isString);
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(device !== undefined && { device }),
  };
}

/** Whether the dashboard is opened when training begins. */
export function opensDashboard(): boolean {
  return vscode.workspace.getConfiguration('descent').get('openDashboard') !== false;
}

/** The settings for when a run pauses by itself. */
export const breakpointSettings = {
  notFinite: 'breakpoints.notFinite',
  lossAbove: 'breakpoints.lossAbove',
  gradientNormAbove: 'breakpoints.gradientNormAbove',
  valueAbove: 'breakpoints.valueAbove',
} as const satisfies Record<keyof Breakpoints, string>;

/** When a run pauses by itself. A bound that makes no sense is none. */
export function breakpoints(): Breakpoints {
  const bound = (name: string) => {
    const value = setting(name, isNumber);
    return value !== undefined && value > 0 ? value : null;
  };
  return {
    notFinite: vscode.workspace.getConfiguration('descent').get(breakpointSettings.notFinite) !== false,
    lossAbove: bound(breakpointSettings.lossAbove),
    gradientNormAbove: bound(breakpointSettings.gradientNormAbove),
    valueAbove: bound(breakpointSettings.valueAbove),
  };
}

/** Whether one of them was changed. */
export function isBreakpointSetting(change: vscode.ConfigurationChangeEvent): boolean {
  return change.affectsConfiguration('descent.breakpoints');
}

/** The setting for where a data set is downloaded from. */
export const mirrorSettings = {
  mnist: 'download.mnistMirror',
  'fashion-mnist': 'download.fashionMnistMirror',
} as const satisfies Record<RemoteName, string>;

/** Where a data set is downloaded from; undefined for the public mirrors. */
export function downloadMirror(name: RemoteName): string | undefined {
  return setting(mirrorSettings[name], isString);
}

/** The folder that holds the folders of runs: in the workspace, or where the extension may keep things. */
export function runsFolder(storage: vscode.Uri): string {
  const name = setting('runsFolder', isString) ?? 'runs';
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const base = folder?.uri.scheme === 'file' ? folder.uri.fsPath : storage.fsPath;
  return path.resolve(base, name);
}
