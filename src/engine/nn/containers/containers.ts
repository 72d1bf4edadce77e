/** Modules and parameters in lists and dictionaries: what they hold is found, and named by place or key. */
import { EngineError } from '../../errors';
import { AnyModule } from '../module/any-module';
import type { Parameter } from '../module/parameter';

/** Modules in a list: named `0`, `1`, …; it computes nothing by itself. */
export class ModuleList extends AnyModule {
  readonly #modules: AnyModule[] = [];

  constructor(modules: Iterable<AnyModule> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  /** How many there are. */
  get length(): number {
    return this.#modules.length;
  }

  /** The i-th one; negative numbers count from the end. */
  at(i: number): AnyModule {
    const found = this.#modules.at(i);
    if (found === undefined) throw new EngineError(`index ${i} is out of range`);
    return found;
  }

  /** Adds one at the end. */
  append(module: AnyModule): this {
    Object.defineProperty(this, String(this.#modules.length), { value: module, enumerable: true });
    this.#modules.push(module);
    return this;
  }

  [Symbol.iterator](): Iterator<AnyModule> {
    return this.#modules[Symbol.iterator]();
  }
}

/** Modules by name; it computes nothing by itself. */
export class ModuleDict extends AnyModule {
  readonly #modules = new Map<string, AnyModule>();

  constructor(modules: Readonly<Record<string, AnyModule>> = {}) {
    super();
    for (const [name, module] of Object.entries(modules)) this.set(name, module);
  }

  /** The module of that name; undefined where there is none. */
  get(name: string): AnyModule | undefined {
    return this.#modules.get(name);
  }

  /** Adds a module, or puts it in the place of another. */
  set(name: string, module: AnyModule): this {
    if (!this.#modules.has(name) && name in this) {
      throw new EngineError(`attribute '${name}' already exists`);
    }
    Object.defineProperty(this, name, { value: module, enumerable: true, configurable: true });
    this.#modules.set(name, module);
    return this;
  }

  [Symbol.iterator](): Iterator<[string, AnyModule]> {
    return this.#modules[Symbol.iterator]();
  }
}

/** Parameters in a list: named `0`, `1`, …. */
export class ParameterList extends AnyModule {
  readonly #parameters: Parameter[] = [];

  constructor(parameters: Iterable<Parameter> = []) {
    super();
    for (const parameter of parameters) {
      Object.defineProperty(this, String(this.#parameters.length), { value: parameter, enumerable: true });
      this.#parameters.push(parameter);
    }
  }

  /** How many there are. */
  get length(): number {
    return this.#parameters.length;
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.#parameters[Symbol.iterator]();
  }
}
