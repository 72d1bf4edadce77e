/** From a text to what is known of it: the file is run, then what nobody calls is looked at, then all is told. */
import { takePending } from '../engine/shapes';
import { exploreUncalled } from './explore/uncalled';
import {
  type Interpreter,
  OutOfFuel,
  Raised,
  Interpreter as Reading,
  type SourceFile,
  type Surroundings,
} from './interpret/interpreter';
import { Recorder } from './interpret/recorder';
import { Scope } from './interpret/scope';
import { runBody } from './interpret/statements';
import { PyModule } from './interpret/values';
import { library } from './library';
import { type Program, parse } from './parse';
import { report } from './report';
import type { Analysis } from './report/types';

/** A file that another one imports. */
export interface ImportedFile {
  readonly uri: string;
  readonly text: string;
}

/** What a reading is given besides the text. */
export interface AnalyseOptions {
  readonly uri?: string;
  /** Finds the file of a module such as `models.net` or `.net`, as seen from the file that imports it. */
  readonly resolveImport?: (module: string, from: string) => ImportedFile | undefined;
  /** How long it may take at most, in milliseconds; 150 by default. What was found until then is told. */
  readonly budget?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** How many steps the file may take, and how many what nobody calls. */
const fuel = { file: 600_000, uncalled: 200_000 };
const mostImported = 24;

/** Reads a file of Python. It never fails and never runs longer than its budget by more than a step. */
export function analyse(text: string, options: AnalyseOptions = {}): Analysis {
  const { uri = 'file.py', budget = 150, now = () => performance.now() } = options;
  const files = new FileLoader(options.resolveImport ?? (() => undefined));
  const interpreter = new Reading(
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

function newFile(uri: string, text: string): SourceFile {
  return {
    uri,
    text,
    recorder: new Recorder(),
    globals: new Scope('file', undefined),
    functions: new Set(),
    classes: new Set(),
    instances: new Map(),
  };
}

/** Runs the statements of a file; false where it did not come to the end. */
function runFile(interpreter: Interpreter, file: SourceFile, program: Program, name = '__main__'): boolean {
  const { globals } = file;
  globals.variables.set('__name__', name);
  interpreter.frames.push({ scope: globals, returned: [], yielded: [], loops: [], file });
  try {
    for (const statement of program.body) {
      try {
        runBody(interpreter, [statement]);
      } catch (error) {
        // What is raised here ends a program; whoever reads it wants the rest, too.
        if (!(error instanceof Raised)) throw error;
      }
    }
    return true;
  } catch (error) {
    if (error instanceof OutOfFuel || error instanceof RangeError) return false;
    throw error;
  } finally {
    interpreter.frames.pop();
  }
}

/** Other files, each read once. */
class FileLoader {
  readonly #modules = new Map<string, PyModule>();

  constructor(private readonly resolve: NonNullable<AnalyseOptions['resolveImport']>) {}

  import(...[interpreter, module, from]: Parameters<Surroundings['importFile']>): PyModule | undefined {
    if (this.#modules.size >= mostImported) return undefined;
    const found = this.resolve(module, from.uri);
    if (found === undefined) return undefined;
    const known = this.#modules.get(found.uri);
    if (known !== undefined) return known;
    const file = newFile(found.uri, found.text);
    const { variables } = file.globals;
    const made = new PyModule(
      module,
      name => variables.get(name),
      () => [...variables.keys()].filter(name => !name.startsWith('_')),
    );
    this.#modules.set(found.uri, made);
    interpreter.files.set(file.globals, file);
    if (!runFile(interpreter, file, parse(found.text), module)) throw new OutOfFuel();
    return made;
  }
}
