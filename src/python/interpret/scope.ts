/** Scopes: which value a name stands for, and where an assignment to it goes. */
import type { Journal } from './journal';
import type { Value } from './values';

/** What names stand for. */
export class Variables extends Map<string, Value> {}

/** The names of a file, a class body, a function call or a comprehension. */
export class Scope {
  readonly variables = new Variables();
  readonly #declared = new Map<string, 'global' | 'nonlocal'>();

  constructor(
    readonly kind: 'file' | 'class' | 'function' | 'comprehension',
    readonly parent: Scope | undefined,
  ) {}

  /** The scope of the file. */
  get globals(): Scope {
    return this.parent === undefined || this.kind === 'file' ? this : this.parent.globals;
  }

  /** The scope that functions written here look names up in: the names of a class are not among them. */
  get enclosing(): Scope {
    return this.kind === 'class' && this.parent !== undefined ? this.parent.enclosing : this;
  }

  /** `global` and `nonlocal`. */
  declare(name: string, what: 'global' | 'nonlocal'): void {
    this.#declared.set(name, what);
  }

  /** The value of a name; undefined where it has none. */
  find(name: string): Value | undefined {
    if (this.#declared.get(name) === 'global') return this.globals.variables.get(name);
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const value = scope.variables.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Lets a name stand for a value. */
  assign(name: string, value: Value | undefined, journal: Journal): void {
    journal.set(this.#target(name).variables, name, value);
  }

  #target(name: string): Scope {
    const what = this.#declared.get(name);
    if (what === 'global') return this.globals;
    if (what === undefined) return this;
    for (let scope = this.parent; scope !== undefined; scope = scope.parent)
      if (scope.variables.has(name) && scope.kind === 'function') return scope;
    return this;
  }
}
