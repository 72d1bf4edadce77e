/** From a text to what is known of it: the file is run, then what nobody calls is looked at, then all is told. */
import { takePending } from '../engine/shapes';
import { FileLoader, newFile, type ResolveImport, runFile } from './explore/files';
import { exploreUncalled } from './explore/uncalled';
import { Interpreter } from './interpret/interpreter';
import { Recorder } from './interpret/recorder';
import { library } from './library';
import { parse } from './parse';
import { report } from './report';
import type { Analysis } from './report/types';

/** What a reading is given besides the text. */
export interface AnalyseOptions {
  readonly uri?: string;
  /** Finds the files that are imported. */
  readonly resolveImport?: ResolveImport;
  /** How long it may take at most, in milliseconds; 150 by default. What was found until then is told. */
  readonly budget?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** How many steps the file may take, and how many what nobody calls. */
const fuel = { file: 600_000, uncalled: 200_000 };

/** Reads a file of Python. It never fails and never runs longer than its budget by more than a step. */
export function analyse(text: string, options: AnalyseOptions = {}): Analysis {
  const { uri = 'file.py', budget = 150, now = () => performance.now() } = options;
  const files = new FileLoader(options.resolveImport ?? (() => undefined));
  const interpreter = new Interpreter(
    { library, importFile: (...args) => files.import(...args) },
    { fuel: fuel.file, milliseconds: budget, now },
  );
  const file = newFile(uri, text);
  interpreter.files.set(file.globals, file);
  const recorder = file.recorder;
  let complete = runFile(interpreter, file, parse(text));
  const explored = new Recorder();
  if (complete) complete = exploreUncalled(interpreter, file, explored, fuel.uncalled);
  // The engine keeps what is to be computed later; nothing of this is.
  takePending();
  return report(interpreter, file, recorder, explored, complete);
}
