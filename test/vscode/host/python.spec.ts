/** What VS Code is told of Python files: hovers, hints, and what certainly fails. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './testing';

const source = `import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 30)
        self.out = nn.Linear(30, 10)

    def forward(self, x):
        h = torch.relu(self.hidden(x))
        return self.out(h)

scores = Net()(torch.randn(64, 784))
`;

async function open(content: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ language: 'python', content });
}

async function hoverAt(document: vscode.TextDocument, line: number, column: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    ...[document.uri, new vscode.Position(line, column)],
  );
  const texts = hovers.flatMap(({ contents }) => contents);
  return texts.map(one => (typeof one === 'string' ? one : one.value)).join('\n');
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within 20 s`);
}

test('says the shape of a tensor where the pointer is', async () => {
  const document = await open(source);

  assert.match(await hoverAt(document, 13, 2), /`scores` `\[64, 10\]`/);
  assert.match(await hoverAt(document, 10, 8), /`h` `\[64, 30\]`/);
  assert.equal(await hoverAt(document, 0, 3), '');
});

test('shows shapes behind assigned names only where that is wanted', async () => {
  const document = await open(source);
  const hints = () =>
    vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      ...[document.uri, new vscode.Range(0, 0, document.lineCount, 0)],
    );
  assert.equal((await hints()).length, 0);
  const configuration = vscode.workspace.getConfiguration('descent');
  await configuration.update('python.inlayHints', true, vscode.ConfigurationTarget.Global);
  const labels = (await hints()).map(({ label }) => label);
  await configuration.update('python.inlayHints', undefined, vscode.ConfigurationTarget.Global);
  assert.deepEqual(labels, [': [64, 30]', ': [64, 10]']);
});

test('marks shapes that do not fit, and takes the mark back when they do', async () => {
  const wrong = source.replace('nn.Linear(30, 10)', 'nn.Linear(31, 10)');
  const document = await open(wrong);
  const problems = () => vscode.languages.getDiagnostics(document.uri);
  const [problem] = await until('a problem', () => (problems().length > 0 ? problems() : undefined));
  assert.match(problem?.message ?? '', /64x30 and 31x10/);
  assert.equal(problem?.range.start.line, 11);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), source);
  await vscode.workspace.applyEdit(edit);
  await until('no problem', () => (problems().length === 0 ? true : undefined));
});

test('says above a module what it comes to, and what can be done with it', async () => {
  const document = await open(source);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    ...[document.uri, 10],
  );
  const titles = lenses.map(({ command, range }) => [range.start.line, command?.title]);
  assert.deepEqual(titles, [
    [3, '23,860 parameters · [64, 784] → [64, 10]'],
    [3, 'Show Graph'],
    [3, 'Train on…'],
  ]);
});
