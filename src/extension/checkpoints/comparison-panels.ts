/** The pages that compare two checkpoints, a panel each. */
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { panelOptions } from '../common/page-panel';
import { panelTypes } from '../common/panel-types';
import { ReaderPage } from './reader-page';

/** What a page keeps of its files; there is more that only the page reads. */
const keptSchema = z.looseObject({ files: z.tuple([z.string(), z.string()]) });

/** `best.pt ↔ last.pt`; where both are called alike, with the folder that tells them apart. */
export function comparisonTitle(before: string, after: string): string {
  const [first, second] = [before, after].map(file => file.split(/[\\/]/).reverse());
  const at = first?.findIndex((name, i) => name !== second?.[i]) ?? 0;
  // In the folder of a run, the name of the run says more than `checkpoints`.
  const name = (names: readonly string[] | undefined) => names?.[Math.max(0, at)] ?? '';
  const file = at > 0 ? `${path.basename(before)}: ` : '';
  return `${file}${name(first)} ↔ ${name(second)}`;
}

/** The pages. */
export class ComparisonPanels {
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Fills a panel that VS Code has restored after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = keptSchema.safeParse(state);
    if (kept.success) this.#take(panel, kept.data.files);
    else panel.dispose();
  }

  /** Shows the comparison of two files. */
  show(before: string, after: string): void {
    const open = this.#open.get(JSON.stringify([before, after]));
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const options = { ...panelOptions(this.extensionUri), retainContextWhenHidden: true };
    const title = comparisonTitle(before, after);
    this.#take(
      vscode.window.createWebviewPanel(panelTypes.comparison, title, vscode.ViewColumn.Active, options),
      [before, after],
    );
  }

  #take(panel: vscode.WebviewPanel, files: [before: string, after: string]): void {
    const key = JSON.stringify(files);
    this.#open.set(key, panel);
    panel.onDidDispose(() => {
      if (this.#open.get(key) === panel) this.#open.delete(key);
    });
    const page = { title: panel.title, name: 'comparison' };
    new ReaderPage(panel, this.extensionUri, { page, task: { kind: 'comparison', files }, files }, this.log);
  }
}
