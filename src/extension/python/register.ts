/** What Descent does in Python documents: they are read when one speaks of PyTorch, and never before. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { Later } from '../common/later';
import { registerCommand } from '../common/log';
import { isRead, pythonDocuments } from './documents';
import type { ModuleContext } from './module-commands';
import type { Python } from './python';

/** The setting that turns hints on. */
const hintsSetting = 'python.inlayHints';

/** What these work with. */
export interface PythonContext extends Omit<ModuleContext, 'readings'> {
  readonly log: vscode.LogOutputChannel;
}

/** Registers what is shown in documents. */
function registerProviders(python: Later<Python>): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const hints: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, visible) {
      const wanted = vscode.workspace.getConfiguration('descent', document).get(hintsSetting) === true;
      return wanted && isRead(document) ? (await python.get()).hints(document, visible) : [];
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(`descent.${hintsSetting}`)) changed.fire();
    }),
    vscode.languages.registerInlayHintsProvider(pythonDocuments, hints),
    vscode.languages.registerHoverProvider(pythonDocuments, {
      provideHover: async (document, position) =>
        isRead(document) ? (await python.get()).hover(document, position) : undefined,
    }),
    vscode.languages.registerCodeLensProvider(pythonDocuments, {
      provideCodeLenses: async document => (isRead(document) ? (await python.get()).lenses(document) : []),
    }),
  );
}

/** Has mistakes marked from the first document on that speaks of PyTorch. */
function wakeFor(python: Later<Python>): vscode.Disposable {
  let awake = false;
  const look = (document: vscode.TextDocument) => {
    if (awake || !isRead(document)) return;
    awake = true;
    void python.get();
  };
  vscode.workspace.textDocuments.forEach(look);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
  );
}

/** Registers hovers, hints, marks, lines above modules, and what can be done with these. */
export function registerPython(context: PythonContext): vscode.Disposable {
  const { extensionUri, log } = context;
  const python = new Later(async () => new (await import('./python')).Python(extensionUri, log));
  const modules = new Later(async () => {
    const { ModuleCommands } = await import('./module-commands');
    return new ModuleCommands({ ...context, readings: (await python.get()).readings });
  });
  return vscode.Disposable.from(
    python,
    modules,
    registerProviders(python),
    wakeFor(python),
    registerCommand(log, commands.showModuleGraph, async given => (await modules.get()).showGraph(given)),
    registerCommand(log, commands.trainModule, async given => (await modules.get()).train(given)),
  );
}
