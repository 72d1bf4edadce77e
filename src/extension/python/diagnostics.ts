/** What certainly fails in a Python file, marked where it fails, with the other place that it has to do with. */
import * as vscode from 'vscode';
import { Disposables } from '../common/disposables';
import { pythonDocuments } from './documents';
import type { Reading, Readings } from './readings';

/** The setting that turns them off. */
const setting = 'python.diagnostics';

/** How long a text must rest before it is judged, in milliseconds: half a line is no mistake. */
const rest = 400;

function problemsOf(reading: Reading): vscode.Diagnostic[] {
  return reading.analysis.diagnostics.flatMap(({ range, message, related }) => {
    const place = reading.rangeOf(range);
    if (place === undefined) return [];
    const problem = new vscode.Diagnostic(place, message, vscode.DiagnosticSeverity.Error);
    problem.source = 'Descent';
    const other = related === undefined ? undefined : reading.locationOf(related.range);
    if (related !== undefined && other !== undefined)
      problem.relatedInformation = [new vscode.DiagnosticRelatedInformation(other, related.message)];
    return [problem];
  });
}

/** Judges documents that are shown, when they open and when nobody has typed for a moment. */
export class Judge extends Disposables {
  readonly #problems = vscode.languages.createDiagnosticCollection('descent');
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly readings: Readings) {
    super();
    this.#all();
    this.add(vscode.workspace.onDidOpenTextDocument(document => this.#soon(document, 0)));
    this.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)));
    this.add(vscode.workspace.onDidCloseTextDocument(document => this.#forget(document)));
    this.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration(`descent.${setting}`)) this.#all();
      }),
    );
  }

  override dispose(): void {
    super.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#problems.dispose();
  }

  /** Judges a document soon. */
  #soon(document: vscode.TextDocument, after = rest): void {
    if (vscode.languages.match(pythonDocuments, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#judge(document), after),
    );
  }

  /** Judges everything that is open. */
  #all(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }

  /** Takes back what was said of a document. */
  #forget({ uri }: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#problems.delete(uri);
  }

  async #judge(document: vscode.TextDocument): Promise<void> {
    this.#timers.delete(document.uri.toString());
    const wanted = vscode.workspace.getConfiguration('descent', document).get(setting) !== false;
    const { version } = document;
    const reading = wanted ? await this.readings.of(document) : undefined;
    if (document.isClosed || document.version !== version) return;
    this.#problems.set(document.uri, reading === undefined ? [] : problemsOf(reading));
  }
}
