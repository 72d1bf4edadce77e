/** Imports: of the library, of other files of the workspace, and of what is not known. */
import type { StatementOf } from '../parse';
import type { Interpreter } from './interpreter';
import { firstOf, type PyModule, type Value } from './values';

/** A module by its full name: the library's, or a file of the workspace. */
function moduleNamed(interpreter: Interpreter, name: string): PyModule | undefined {
  if (!name.startsWith('.')) {
    const known = interpreter.library.module(name);
    if (known !== undefined) return known;
  }
  return interpreter.surroundings.importFile(interpreter, name, interpreter.frame.file);
}

/** `import a.b as c`. */
export function importModules(interpreter: Interpreter, statement: StatementOf<'import'>): void {
  const { scope } = interpreter.frame;
  for (const { name, alias } of statement.names) {
    const [first = name] = name.split('.');
    if (alias === undefined) moduleNamed(interpreter, name);
    const value = moduleNamed(interpreter, alias === undefined ? first : name);
    scope.assign(alias ?? first, firstOf(value), interpreter.journal);
  }
}

/** `from a.b import c as d`. */
export function importFrom(interpreter: Interpreter, statement: StatementOf<'importFrom'>): void {
  const { scope } = interpreter.frame;
  const module = moduleNamed(interpreter, statement.module);
  if (statement.everything) {
    for (const name of module?.names() ?? [])
      scope.assign(name, firstOf(module?.find(name)), interpreter.journal);
    return;
  }
  for (const { name, alias } of statement.names) {
    const value: Value | undefined =
      module?.find(name) ?? moduleNamed(interpreter, `${statement.module}.${name}`);
    scope.assign(alias ?? name, firstOf(value), interpreter.journal);
  }
}
