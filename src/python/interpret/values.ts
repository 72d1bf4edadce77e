/**
 * What Python's names stand for while a file is read. Every kind of value says what is known of it; `Unknown` is what
 * nothing is known of, and whatever is done with it gives it again.
 */
import type { Tensor } from '../../engine/shapes';
import type { ClassDefinition, ExpressionOf, FunctionDefinition, Span } from '../parse';
import type { Interpreter } from './interpreter';
import type { Scope } from './scope';
import type { Dim } from './sizes';

/** Something of which nothing is known. There is one. */
export class Unknown {
  static readonly value = new Unknown();
  readonly kind = 'unknown';
  private constructor() {}
}

/** A number: its value in both worlds (see {@link Dim}), or undefined where only its type is known. */
export class PyNumber {
  constructor(
    readonly type: 'int' | 'float',
    readonly value: Dim | undefined,
  ) {}
}

/** A text of which only that it is one is known. */
export class UnknownText {
  static readonly value = new UnknownText();
  readonly kind = 'text';
  private constructor() {}
}

/** A value that is one of several: where two branches met. */
export class Union {
  constructor(readonly options: readonly Value[]) {}
}

/** A list; `open` where there may be more elements, like those there are, or fewer. */
export class PyList {
  constructor(
    public items: readonly Value[],
    public open = false,
  ) {}
}

/** A tuple; `names` for a named one, `kind` what type prints as. */
export class PyTuple {
  constructor(
    readonly items: readonly Value[],
    readonly names?: readonly string[],
    /** True for a `torch.Size`. */
    readonly isSize = false,
  ) {}
}

/** What a dictionary is keyed by. */
export type Key = string;

/** A dictionary; `open` where there may be other entries. */
export class PyDict {
  constructor(
    public entries: ReadonlyMap<Key, readonly [key: Value, value: Value]> = new Map(),
    public open = false,
    /** Makes what is missing, as `defaultdict` does. */
    readonly factory?: Value,
  ) {}
}

/** A set. */
export class PySet {
  constructor(
    public entries: ReadonlyMap<Key, Value> = new Map(),
    public open = false,
  ) {}
}

/** The numbers of `range(…)`. */
export class PyRange {
  constructor(
    readonly start: PyNumber,
    readonly stop: PyNumber,
    readonly step: PyNumber,
  ) {}
}

/** A slice object. */
export class PySlice {
  constructor(
    readonly start: Value,
    readonly stop: Value,
    readonly step: Value,
  ) {}
}

/** How the elements of something can be gone through. */
export interface Elements {
  /** The elements; representatives of them where `exact` is false. */
  readonly items: readonly Value[];
  /** True where `items` are all elements in order. */
  readonly exact: boolean;
  /** How many there are, where that is known though `items` are not all. */
  readonly count?: Dim | undefined;
}

/** An iterator, which remembers how far it came. */
export class PyIterator {
  position = 0;
  constructor(readonly elements: Elements) {}
}

/** A function written in the file. */
export class PyFunction {
  /** Where it was called from, and whether it was. */
  called = false;
  readonly attributes = new Map<string, Value>();

  constructor(
    readonly definition: FunctionDefinition | ExpressionOf<'lambda'>,
    readonly scope: Scope,
    readonly defaults: ReadonlyMap<string, Value>,
    /** The class that it is written in. */
    readonly owner: PyClass | undefined,
  ) {}

  get name(): string {
    return this.definition.kind === 'lambda' ? '<lambda>' : this.definition.name;
  }
}

/** Positional and keyword arguments of a call. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** True where there may be others that nothing is known of. */
  readonly open?: boolean;
  /** The places of the positional arguments in the text, for diagnostics. */
  readonly span: Span;
}

/** A function that the library knows. */
export class Builtin {
  constructor(
    readonly name: string,
    readonly call: (args: Arguments, interpreter: Interpreter) => Value,
    /** Attributes, such as `torch.device` has none of. */
    readonly attributes?: ReadonlyMap<string, Value>,
  ) {}
}

/** A function together with the object that it belongs to. */
export class BoundMethod {
  constructor(
    readonly self: Value,
    readonly callee: Value,
    readonly name: string,
  ) {}
}

/** A class, written in the file or known by the library. */
export class PyClass {
  readonly attributes = new Map<string, Value>();
  instantiated = false;

  constructor(
    readonly name: string,
    /** Its bases; one that is unknown makes every attribute that is not found unknown. */
    readonly bases: readonly Value[],
    readonly definition?: ClassDefinition,
    /** For one that the library knows: makes an instance. */
    readonly construct?: (cls: PyClass, args: Arguments, interpreter: Interpreter) => Value,
  ) {}
}

/** An instance of a class. */
export class PyInstance {
  readonly attributes = new Map<string, Value>();
  /** What a class of the library keeps with its instances. */
  native: unknown;
  /** True once something unknown may have changed it: what is not found is then unknown. */
  open = false;

  constructor(readonly cls: PyClass) {}
}

/** `super()`. */
export class PySuper {
  constructor(
    readonly cls: PyClass,
    readonly self: Value,
  ) {}
}

/** A property of a class. */
export class PyProperty {
  constructor(readonly getter: Value) {}
}

/** A `@staticmethod` or `@classmethod`. */
export class PyWrapped {
  constructor(
    readonly kind: 'staticmethod' | 'classmethod',
    readonly callee: Value,
  ) {}
}

/** A module of the library, or another file. */
export class PyModule {
  constructor(
    readonly name: string,
    readonly find: (name: string) => Value | undefined,
    /** All names that `import *` brings. */
    readonly names: () => Iterable<string>,
  ) {}
}

/** An element type, such as `torch.float32`. */
export class PyDtype {
  constructor(readonly name: string) {}
}

/** A device; `name` is undefined where it is not known which. */
export class PyDevice {
  constructor(readonly name: string | undefined) {}
}

/** How a tensor came about. */
export interface Step {
  /** What was done, such as `flatten(1)`. */
  readonly label: string;
  readonly from?: TensorValue | undefined;
}

/** A tensor, or an array of NumPy's. */
export class TensorValue {
  grad: Value = null;
  /** Leaves that `backward()` reaches from here. */
  sources: readonly TensorValue[] = [];
  step: Step | undefined;
  /** The expression that first gave it, and the file in which that stands. */
  origin: { readonly span: Span; readonly file: string } | undefined;
  /** The engine's tensor with the numbers, where a module is really run (live/) and they are at hand. */
  numbers: Tensor | undefined;

  constructor(
    public dims: readonly Dim[],
    /** PyTorch's name of the element type; undefined where it is not known. */
    public dtype: string | undefined,
    public extra: {
      readonly requiresGrad?: boolean;
      /** PyTorch's name of the node that made it. */
      readonly gradFn?: string | undefined;
      readonly parameter?: boolean;
      readonly array?: boolean;
      readonly device?: string | undefined;
      /** The elements, where they are few and known; row-major. */
      readonly known?: readonly number[] | undefined;
    } = {},
  ) {}

  get requiresGrad(): boolean {
    return this.extra.requiresGrad === true;
  }

  get isArray(): boolean {
    return this.extra.array === true;
  }
}

/** A value of Python's. `null` is None. */
export type Value =
  | Unknown
  | null
  | boolean
  | string
  | UnknownText
  | PyNumber
  | Union
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | PyRange
  | PySlice
  | PyIterator
  | PyFunction
  | Builtin
  | BoundMethod
  | PyClass
  | PyInstance
  | PySuper
  | PyProperty
  | PyWrapped
  | PyModule
  | PyDtype
  | PyDevice
  | Ellipsis
  | TensorValue;

/** `...`. */
export class Ellipsis {
  static readonly value = new Ellipsis();
  readonly kind = 'ellipsis';
  private constructor() {}
}

export const unknown: Unknown = Unknown.value;

/** A whole number. */
export function int(value: Dim | undefined): PyNumber {
  return new PyNumber('int', value);
}

/** A floating point number. */
export function float(value: number | undefined): PyNumber {
  return new PyNumber('float', value);
}

/** True where nothing at all is known. */
export function isUnknown(value: Value | undefined): value is Unknown | undefined {
  return value === undefined || value instanceof Unknown;
}

/** The number that is surely meant; undefined where there is none or it depends on something. */
export function knownNumber(value: Value | undefined): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  return value instanceof PyNumber && typeof value.value === 'number' ? value.value : undefined;
}

/** The size that is meant: a number or one that depends on a symbol. */
export function sizeOf(value: Value | undefined): Dim | undefined {
  if (value instanceof PyNumber && value.type === 'int') return value.value;
  if (value instanceof TensorValue && value.extra.known?.length === 1) return value.extra.known[0];
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** What a dictionary finds a value by; undefined where it is not known. */
export function keyOf(value: Value): Key | undefined {
  if (typeof value === 'string') return `s${value}`;
  if (value === null) return 'None';
  const number = knownNumber(value);
  if (number !== undefined) return `n${number}`;
  if (value instanceof PyTuple) {
    const keys = value.items.map(keyOf);
    return keys.every(key => key !== undefined) ? `(${keys.join('\u0000')})` : undefined;
  }
  if (value instanceof PyDtype) return `d${value.name}`;
  if (value instanceof PyInstance || value instanceof PyClass || value instanceof PyFunction)
    return `i${identity(value)}`;
  if (value instanceof TensorValue) return `i${identity(value)}`;
  return undefined;
}

const identities = new WeakMap<object, number>();
let identified = 0;

function identity(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  identities.set(value, ++identified);
  return identified;
}

/** The first that is there; unknown where none is. None is a value like any other, so that `??` would pass over it. */
export function firstOf(...values: readonly (Value | undefined)[]): Value {
  const found = values.find(value => value !== undefined);
  return found === undefined ? unknown : found;
}
