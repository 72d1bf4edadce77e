/**
 * What is known of the Python documents that are open: each version is read once, in a thread, and whoever asks while
 * that goes on gets the same answer. The cells of a notebook are read as one text.
 */
import * as vscode from 'vscode';
import { isAboutTorch, notebookOf } from './documents';
import { cellOf, type JoinedCells, joinCells } from './notebook-text';
import type { PythonReader } from './reader-client';
import type { FoundAnalysis, FoundOccurrence, FoundRange } from './reading-contract';

/** Longer texts are not read while somebody types, in characters. */
const longest = 1_000_000;

/** What is known of a document, its places as the editor counts them. */
export interface Reading {
  readonly analysis: FoundAnalysis;
  /** Where something of the text is in this document; undefined where it is in another cell. */
  rangeOf(range: FoundRange): vscode.Range | undefined;
  /** Where something is, in whichever document. */
  locationOf(range: FoundRange): vscode.Location | undefined;
}

interface Source {
  readonly key: string;
  readonly version: string;
  readonly file: string;
  text(): { readonly text: string; readonly cells?: JoinedCells };
}

function sourceOf(document: vscode.TextDocument): Source {
  const notebook = notebookOf(document);
  if (notebook === undefined)
    return {
      key: document.uri.toString(),
      version: String(document.version),
      file: document.uri.fsPath,
      text: () => ({ text: document.getText() }),
    };
  const cells = notebook
    .getCells()
    .map(cell => cell.document)
    .filter(({ languageId }) => languageId === 'python');
  return {
    key: notebook.uri.toString(),
    version: cells.map(({ uri, version }) => `${uri.fragment} ${version}`).join('\n'),
    file: notebook.uri.fsPath,
    text: () => {
      const joined = joinCells(cells.map(cell => ({ uri: cell.uri.toString(), text: cell.getText() })));
      return { text: joined.text, cells: joined };
    },
  };
}

interface Kept {
  readonly version: string;
  readonly answer: Promise<
    { readonly analysis: FoundAnalysis; readonly cells: JoinedCells | undefined } | undefined
  >;
}

/** Readings of documents. */
export class Readings implements vscode.Disposable {
  readonly #kept = new Map<string, Kept>();
  readonly #closed: vscode.Disposable;

  constructor(private readonly reader: PythonReader) {
    this.#closed = vscode.Disposable.from(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#kept.delete(uri.toString())),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => this.#kept.delete(uri.toString())),
      // Any file may be imported by any other.
      vscode.workspace.onDidSaveTextDocument(() => this.#kept.clear()),
    );
  }

  /** What is known of a document as it is now; undefined where it has nothing to do with PyTorch. */
  async of(document: vscode.TextDocument): Promise<Reading | undefined> {
    const source = sourceOf(document);
    const known = this.#kept.get(source.key);
    const kept = known?.version === source.version ? known : this.#read(source);
    const answer = await kept?.answer;
    if (answer === undefined) return undefined;
    const { analysis, cells } = answer;
    const locationOf = (range: FoundRange) => locate(range, document.uri, cells);
    return {
      analysis,
      locationOf,
      rangeOf: range => {
        const location = locationOf(range);
        return location?.uri.toString() === document.uri.toString() ? location.range : undefined;
      },
    };
  }

  /** The file that a document is, or belongs to, and its text as it is now; the cells of a notebook as one. */
  sourceOf(document: vscode.TextDocument): { readonly file: string; readonly text: string } {
    const { file, text } = sourceOf(document);
    return { file, text: text().text };
  }

  dispose(): void {
    this.#closed.dispose();
    this.#kept.clear();
  }

  #read(source: Source): Kept | undefined {
    const { text, cells } = source.text();
    // Most Python is about something else and costs nothing.
    if (text.length > longest || !isAboutTorch(text)) return undefined;
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const answer = this.reader
      .read({ file: source.file, text, folders })
      .then(analysis => (analysis === undefined ? undefined : { analysis, cells }));
    const kept = { version: source.version, answer };
    // What failed once is tried again when somebody asks.
    void answer.then(found => {
      if (found === undefined && this.#kept.get(source.key) === kept) this.#kept.delete(source.key);
    });
    this.#kept.set(source.key, kept);
    return kept;
  }
}

function locate(
  { start, end }: FoundRange,
  document: vscode.Uri,
  cells: JoinedCells | undefined,
): vscode.Location | undefined {
  if (cells === undefined)
    return new vscode.Location(
      document,
      new vscode.Range(start.line - 1, start.column, end.line - 1, end.column),
    );
  const from = cellOf(cells, start.line - 1);
  const to = cellOf(cells, end.line - 1);
  if (from === undefined || to === undefined || from.uri !== to.uri) return undefined;
  return new vscode.Location(
    vscode.Uri.parse(from.uri),
    new vscode.Range(from.line, start.column, to.line, end.column),
  );
}

/** The smallest expression at a place of which something is known. */
export function occurrenceAt(
  { analysis, rangeOf }: Reading,
  position: vscode.Position,
): { readonly occurrence: FoundOccurrence; readonly range: vscode.Range } | undefined {
  let best: { occurrence: FoundOccurrence; range: vscode.Range } | undefined;
  for (const occurrence of analysis.occurrences) {
    const range = rangeOf(occurrence.range);
    if (range === undefined || !range.contains(position)) continue;
    if (best === undefined || best.range.contains(range)) best = { occurrence, range };
  }
  return best;
}
