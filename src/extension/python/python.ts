/** What Descent does in Python files: they are read when one is open, and never before. */
import * as vscode from 'vscode';
import { registerCodeLens } from './code-lens';
import { registerDiagnostics } from './diagnostics';
import { registerHover } from './hover';
import { registerInlayHints } from './inlay-hints';
import { type ModuleContext, registerModuleCommands } from './module-commands';
import { PythonReader } from './reader-client';
import { Readings } from './readings';

/** What these work with. */
export type PythonContext = Omit<ModuleContext, 'readings'>;

/** Registers hovers, hints, marks, lines above modules, and what can be done with these. */
export function registerPython(context: PythonContext): vscode.Disposable {
  const { extensionUri, log } = context;
  const module = vscode.Uri.joinPath(extensionUri, 'dist', 'python-reader.cjs').fsPath;
  const reader = new PythonReader(module, reason => log.error(`Reading Python: ${reason}`));
  const readings = new Readings(reader);
  return vscode.Disposable.from(
    registerHover(readings),
    registerInlayHints(readings),
    registerDiagnostics(readings),
    registerCodeLens(readings),
    registerModuleCommands({ ...context, readings }),
    readings,
    new vscode.Disposable(() => reader.dispose()),
  );
}
