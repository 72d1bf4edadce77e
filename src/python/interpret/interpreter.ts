/**
 * Runs a file on values of which only shapes are known. Nothing is computed and nothing reaches outside: no disk, no
 * network, no process; the library (library/) is all that there is. Fuel bounds the time and the memory.
 */
import type { Device } from '../../engine/shapes';
import type { Span, StatementOf } from '../parse';
import { Flows } from './flows';
import { Journal, type Outcome } from './journal';
import type { Recorder } from './recorder';
import type { Scope } from './scope';
import { Symbols } from './sizes';
import type {
  Arguments,
  Builtin,
  Elements,
  PyClass,
  PyFunction,
  PyInstance,
  PyModule,
  TensorValue,
  Value,
} from './values';

/** Thrown when the fuel is used up: reading ends with what was seen so far. */
export class OutOfFuel extends Error {}

/** Thrown where the file raises an exception. */
export class Raised extends Error {
  constructor(readonly value: Value) {
    super('raised');
  }
}

/** What a call of a function, or the file itself, is in the middle of. */
export interface Frame {
  readonly scope: Scope;
  readonly function?: PyFunction;
  /** The class and the object of a method, for `super()`. */
  readonly owner?: PyClass | undefined;
  readonly self?: Value | undefined;
  /** What was returned so far, on the ways that are left already. */
  readonly returned: Value[];
  /** What was yielded. */
  readonly yielded: Value[];
  readonly loops: Loop[];
  /** True where what is run may not be reached at all. */
  readonly file: SourceFile;
}

/** A loop that is being run: what the ways out of it left behind. */
export interface Loop {
  readonly breaks: Outcome[];
  readonly continues: Outcome[];
  readonly span: Span;
  /** How often it turns, where that is known before it does. */
  readonly turns?: number | undefined;
  /** What is done in a turn, and what the last turn of a `for` was given. */
  readonly statement: StatementOf<'for' | 'while'>;
  item?: Value;
}

/** One of the files that are read. */
export interface SourceFile {
  readonly uri: string;
  readonly recorder: Recorder;
  readonly globals: Scope;
  /** Every function and class that was defined, so that those that nobody calls can be looked at, too. */
  readonly functions: Set<PyFunction>;
  readonly classes: Set<PyClass>;
  readonly instances: Map<PyClass, PyInstance>;
  readonly text: string;
}

/** What the library knows: all that values which are not written in the file can do. */
export interface Library {
  /** Names that are there without an import. */
  readonly builtins: ReadonlyMap<string, Value>;
  /** A module by its full name. */
  module(name: string): PyModule | undefined;
  /** An attribute of a value; undefined where it is not known. */
  attribute(interpreter: Interpreter, value: Value, name: string): Value | undefined;
  /** Sets an attribute of a tensor. */
  setTensorAttribute(interpreter: Interpreter, tensor: TensorValue, name: string, value: Value): void;
  /** `a + b` and the like, of which at least one is a tensor. */
  binary(interpreter: Interpreter, op: string, a: Value, b: Value): Value;
  /** `-a` and `~a` of a tensor. */
  unary(interpreter: Interpreter, op: string, tensor: TensorValue): Value;
  /** `tensor[index]`. */
  index(interpreter: Interpreter, tensor: TensorValue, index: Value): Value;
  /** Checks `tensor[index] = value`. */
  setIndex(interpreter: Interpreter, tensor: TensorValue, index: Value, value: Value): void;
  /** What going through an instance of one of the library's classes gives; undefined where nothing is known. */
  elements(interpreter: Interpreter, value: Value): Elements | undefined;
}

/**
 * A module that is really built and run (live/), instead of read for shapes: what is not known for certain then ends
 * the reading, as numbers would be wrong where shapes are only missing.
 */
export interface Live {
  /** Where it runs. */
  readonly device: Device;
  /** The library with numbers. */
  readonly library: Library;
  /** What takes the place of a function or class of the library; undefined where its shapes are all that matters. */
  replacement(callee: Builtin | PyClass): ((args: Arguments, interpreter: Interpreter) => Value) | undefined;
  /** Ends the reading: the sentence says what cannot be done where the interpreter is. */
  refuse(interpreter: Interpreter, sentence: string): never;
}

/** Is told of calls of the library's functions and classes. */
export type Witness = (callee: Builtin | PyClass, args: Arguments, result: Value) => void;

/** What a reading is given. */
export interface Surroundings {
  readonly library: Library;
  /** Another file of the workspace, already read; undefined where there is none. */
  importFile(interpreter: Interpreter, module: string, from: SourceFile): PyModule | undefined;
}

/** The state of one reading. */
export class Interpreter {
  /** Set while a module is really run. */
  live: Live | undefined;
  /** Is told of calls, where somebody wants to know of them. */
  witness: Witness | undefined;
  readonly journal = new Journal();
  readonly symbols = new Symbols();
  /** What went through modules. */
  readonly flows = new Flows();
  /** Calls that are being made, the outermost first. */
  readonly frames: Frame[] = [];
  /** False inside `torch.no_grad()`. */
  gradEnabled = true;
  /** Above zero where what is run may not be reached, or may fail without harm: nothing fails for certain there. */
  uncertain = 0;
  /** Where the call that is being made stands. */
  span: Span = { from: 0, to: 0 };
  #fuel: number;
  /** How much was used since the clock was looked at. */
  #unlooked = 0;
  #deadline: number;
  readonly #now: () => number;

  constructor(
    readonly surroundings: Surroundings,
    { fuel, milliseconds, now }: { fuel: number; milliseconds: number; now: () => number },
  ) {
    this.#fuel = fuel;
    this.#now = now;
    this.#deadline = now() + milliseconds;
  }

  readonly files = new Map<Scope, SourceFile>();

  /** The file whose names a scope holds. */
  fileOf(globals: Scope): SourceFile {
    return this.files.get(globals) ?? this.frame.file;
  }

  /** Gives more fuel, for another part of the work, and more time where that is said. */
  refuel(fuel: number, milliseconds?: number): void {
    this.#fuel = fuel;
    if (milliseconds !== undefined) this.#deadline = this.#now() + milliseconds;
  }

  /** How much fuel is left. */
  get fuel(): number {
    return this.#fuel;
  }

  /** Uses up fuel. */
  burn(amount = 1): void {
    this.#fuel -= amount;
    if (this.#fuel < 0) throw new OutOfFuel();
    this.#unlooked += amount;
    if (this.#unlooked < 64) return;
    this.#unlooked = 0;
    if (this.#now() > this.#deadline) throw new OutOfFuel();
  }

  get library(): Library {
    return this.live?.library ?? this.surroundings.library;
  }

  get frame(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) throw new Error('nothing is run');
    return frame;
  }

  /** Notes a failure that nothing can be done about, where the code is certainly reached. */
  fail(message: string, related?: { readonly span: Span; readonly message: string }): void {
    if (this.uncertain > 0) return;
    this.frame.file.recorder.fail({ span: this.span, message, related: related ?? this.#layerPlace() });
  }

  /** The layer of the library that is being called, if the innermost call of a module is one of it. */
  layer: PyInstance | undefined;
  /** Where instances were made. */
  readonly origins = new WeakMap<PyInstance, { readonly span: Span; readonly file: string }>();

  /** Where the layer that is being called was made, if that was in the same file. */
  #layerPlace(): { readonly span: Span; readonly message: string } | undefined {
    const origin = this.layer && this.origins.get(this.layer);
    if (this.layer === undefined || origin === undefined || origin.file !== this.frame.file.uri)
      return undefined;
    return { span: origin.span, message: `the ${this.layer.cls.name} was made here` };
  }

  /** Above zero on one of two ways of which it is not known which one is taken. */
  oneOfTwo = 0;

  /** Ends the reading where a module is really run and something must be known that is not. */
  mustKnow(what: string): void {
    this.live?.refuse(this, what);
  }

  /** Runs one of two ways. */
  onOneWay<T>(body: () => T): T {
    this.oneOfTwo++;
    try {
      return this.perhaps(body);
    } finally {
      this.oneOfTwo--;
    }
  }

  /** Runs something of which it is not sure that it is reached. */
  perhaps<T>(body: () => T): T {
    this.mustKnow('what this is depends on something that is not known');
    this.uncertain++;
    try {
      return body();
    } finally {
      this.uncertain--;
    }
  }
}

/** Arguments by position only. */
export function positional(interpreter: Interpreter, ...values: readonly Value[]): Arguments {
  return { positional: values, keywords: new Map(), span: interpreter.span };
}
