/** What Descent knows of Python documents: it is loaded with the first that speaks of PyTorch, and reads in a thread. */
import * as vscode from 'vscode';
import { Disposables } from '../common/disposables';
import { codeLenses } from './code-lens';
import { Judge } from './diagnostics';
import { hoverAt } from './hover';
import { inlayHints } from './inlay-hints';
import { PythonReader } from './reader-client';
import { Readings } from './readings';

/** Readings of documents, and what is made of them. */
export class Python extends Disposables {
  readonly readings: Readings;

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    super();
    const module = vscode.Uri.joinPath(extensionUri, 'dist', 'python-reader.cjs').fsPath;
    const reader = this.add(new PythonReader(module, reason => log.error(`Reading Python: ${reason}`)));
    this.readings = this.add(new Readings(reader));
    this.add(new Judge(this.readings));
  }

  /** What is said of a place. */
  hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    return hoverAt(this.readings, document, position);
  }

  /** The shapes behind names. */
  hints(document: vscode.TextDocument, visible: vscode.Range): Promise<vscode.InlayHint[]> {
    return inlayHints(this.readings, document, visible);
  }

  /** The lines above modules. */
  lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    return codeLenses(this.readings, document);
  }
}
