/** What Descent does in Python files: they are read when one is open, and never before. */
import * as vscode from 'vscode';
import { registerCodeLens } from './code-lens';
import { registerDiagnostics } from './diagnostics';
import { registerHover } from './hover';
import { registerInlayHints } from './inlay-hints';
import { PythonReader } from './reader-client';
import { Readings } from './readings';

/** Registers hovers, hints, marks and lines above modules. */
export function registerPython(extensionUri: vscode.Uri, log: vscode.LogOutputChannel): vscode.Disposable {
  const module = vscode.Uri.joinPath(extensionUri, 'dist', 'python-reader.cjs').fsPath;
  const reader = new PythonReader(module, reason => log.error(`Reading Python: ${reason}`));
  const readings = new Readings(reader);
  return vscode.Disposable.from(
    registerHover(readings),
    registerInlayHints(readings),
    registerDiagnostics(readings),
    registerCodeLens(readings),
    readings,
    new vscode.Disposable(() => reader.dispose()),
  );
}
