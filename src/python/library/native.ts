/** Writing functions of the library: a signature in Python's words, and what the call gives. */
import type { Interpreter } from '../interpret/interpreter';
import { type Arguments, Builtin, isUnknown, knownNumber, type Value } from '../interpret/values';

/** The arguments of a call by the names of its parameters. */
export class Bound {
  constructor(
    readonly values: ReadonlyMap<string, Value>,
    /** Positional arguments beyond the parameters. */
    readonly rest: readonly Value[],
    /** All positional arguments. */
    readonly all: readonly Value[],
    /** Keyword arguments that no parameter has. */
    readonly extra: ReadonlyMap<string, Value>,
    /** True where there may be arguments that nothing is known of. */
    readonly open: boolean,
  ) {}

  /** An argument; undefined where it is not given. */
  get(name: string): Value | undefined {
    return this.values.get(name);
  }

  /** An argument that is a number and known. */
  number(name: string): number | undefined {
    return knownNumber(this.get(name));
  }

  /** An argument that is a text and known. */
  text(name: string): string | undefined {
    const value = this.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** A flag; `otherwise` where it is not given, undefined where it is not known. */
  flag(name: string, otherwise: boolean): boolean | undefined {
    const value = this.get(name);
    if (value === undefined) return otherwise;
    if (value === null) return false;
    if (typeof value === 'boolean') return value;
    const number = knownNumber(value);
    return number === undefined ? undefined : number !== 0;
  }
}

/** Other names that parameters go by. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  self: ['input', 'x', 'a'],
  input: ['self', 'x'],
  dim: ['axis'],
  dims: ['axis', 'axes', 'dim'],
  keepdim: ['keepdims'],
  other: ['x2', 'mat2', 'vec2', 'b'],
  size: ['shape'],
  axis: ['dim'],
};

/** The arguments of a call, by parameter. */
export function bindTo(parameters: readonly string[], args: Arguments): Bound {
  const values = new Map<string, Value>();
  const extra = new Map(args.keywords);
  const inOrder = parameters.filter(name => !name.startsWith('*'));
  const first = parameters.indexOf('*');
  const byPosition = first === -1 ? inOrder : parameters.slice(0, first);
  byPosition.forEach((name, i) => {
    const value = args.positional[i];
    if (value !== undefined) values.set(name, value);
  });
  for (const name of inOrder) {
    for (const spelling of [name, ...(synonyms[name] ?? [])]) {
      const value = extra.get(spelling);
      if (value === undefined || values.has(name)) continue;
      values.set(name, value);
      extra.delete(spelling);
    }
  }
  return new Bound(
    values,
    args.positional.slice(byPosition.length),
    args.positional,
    extra,
    args.open ?? false,
  );
}

/** What a function of the library does. */
export type Body = (args: Bound, interpreter: Interpreter) => Value;

/** A function of the library, such as `native('full(size, fill_value)', …)`. */
export function native(signature: string, body: Body): Builtin {
  const { name, parameters } = parseSignature(signature);
  return new Builtin(name, (args, interpreter) => body(bindTo(parameters, args), interpreter));
}

/** The name and the parameters of a signature. */
export function parseSignature(signature: string): { readonly name: string; readonly parameters: string[] } {
  const [, name = signature, inside = ''] = /^([\w.]+)\((.*)\)$/.exec(signature.trim()) ?? [];
  return {
    name,
    parameters: inside
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== ''),
  };
}

/** Functions by their names. */
export function natives(bodies: Readonly<Record<string, Body>>): Map<string, Value> {
  return new Map(
    Object.entries(bodies).map(([signature, body]) => {
      const builtin = native(signature, body);
      return [builtin.name, builtin];
    }),
  );
}

/** True if something that decides is not known. */
export function anyUnknown(values: readonly (Value | undefined)[]): boolean {
  return values.some(value => value !== undefined && isUnknown(value));
}
