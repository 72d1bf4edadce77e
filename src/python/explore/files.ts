/** Running whole files: the one that is read, and those that it imports. */
import {
  type Interpreter,
  OutOfFuel,
  Raised,
  type SourceFile,
  type Surroundings,
} from '../interpret/interpreter';
import { Recorder } from '../interpret/recorder';
import { Scope } from '../interpret/scope';
import { runBody } from '../interpret/statements';
import { PyModule } from '../interpret/values';
import { type Program, parse } from '../parse';

/** A file that another one imports. */
export interface ImportedFile {
  readonly uri: string;
  readonly text: string;
}

/** Finds the file of a module such as `models.net` or `.net`, as seen from the file that imports it. */
export type ResolveImport = (module: string, from: string) => ImportedFile | undefined;

const mostImported = 24;

/** A file about which nothing is known yet. */
export function newFile(uri: string, text: string): SourceFile {
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
export function runFile(
  interpreter: Interpreter,
  file: SourceFile,
  program: Program,
  name = '__main__',
): boolean {
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
export class FileLoader {
  readonly #modules = new Map<string, PyModule>();

  constructor(private readonly resolve: ResolveImport) {}

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
