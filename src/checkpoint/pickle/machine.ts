/**
 * Python's pickle as what it is, a program for a small stack machine, run so that it can only build data.
 * A class or function becomes an inert `Unresolved`; "calling" one looks its name up in a fixed list of
 * constructors written here, and where it is not listed the call is kept as a description of itself.
 *
 * Safe on any input: the machine does not recurse, every opcode consumes a byte, and whatever makes more
 * than a constant amount of memory out of an opcode takes it from a budget.
 */
import { Budget, CheckpointError, quote } from '../errors';
import { kindOf, OrderedDict, type Stored, Tuple, Unresolved } from '../stored';
import { checkShape } from './check';
import { containerOps } from './container-ops';
import type { Cursor } from './cursor';
import { objectOps } from './object-ops';
import { valueOps } from './value-ops';

/** Longest pickle that is read. Weights are stored outside of it, so those of PyTorch are far below. */
const maxPickleBytes = 64 * 2 ** 20;
/**
 * Values, memo entries and copied items that one pickle may make; an object of its own counts as eight.
 * An opcode of one byte makes nine at most, so that only copies of copies meet the lower limit.
 */
const maxValues = (pickleBytes: number) => Math.min(8_000_000, 100_000 + 16 * pickleBytes);

/**
 * Makes the value of a known constructor; undefined where the arguments are not understood, which leaves
 * the call unresolved.
 */
export type Constructor = (args: readonly Stored[], machine: Machine) => Stored | undefined;

/** What one opcode does. */
export type Op = (machine: Machine) => void;

/** Opcodes by their name: the byte, and what it does. */
export type OpTable = Readonly<Record<string, readonly [code: number, run: Op]>>;

const STOP = 0x2e;

const ops: ReadonlyMap<number, Op> = new Map(
  [valueOps, containerOps, objectOps].flatMap(table => Object.values(table)),
);

/** Opcodes of Python that no file of PyTorch uses. */
const unsupported: ReadonlyMap<number, string> = new Map([
  [0x53, 'STRING'],
  [0x50, 'PERSID'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x97, 'NEXT_BUFFER'],
  [0x98, 'READONLY_BUFFER'],
]);

/** Runs one pickle. */
export class Machine {
  /** Values above the last mark. */
  stack: Stored[] = [];
  /** The stacks below each mark. */
  readonly marks: Stored[][] = [];
  readonly memo = new Map<number, Stored>();
  /** The classes and functions that the pickle names: Python would import each of them. */
  readonly globals = new Set<string>();
  readonly #values: Budget;

  /**
   * @param input the pickle, at its first byte
   * @param constructors what may be called, by `module.name`
   * @param persistent gives the value of a persistent id: in PyTorch's files, a storage
   */
  constructor(
    readonly input: Cursor,
    readonly constructors: ReadonlyMap<string, Constructor>,
    readonly persistent: (id: Stored) => Stored,
  ) {
    this.#values = new Budget(
      maxValues(input.left),
      `${input.label} asks for more objects than a checkpoint can need`,
    );
  }

  /** Runs to the end of the pickle and gives its value; the input is left behind it. */
  run(): Stored {
    const start = this.input.position;
    for (;;) {
      const code = this.input.u8();
      if (this.input.position - start > maxPickleBytes) {
        throw this.input.error(`expected a pickle of at most ${maxPickleBytes} bytes`);
      }
      if (code === STOP) break;
      const op = ops.get(code);
      if (op === undefined) throw this.#unknown(code);
      op(this);
    }
    const value = this.pop();
    checkShape(value, this.input.label);
    return value;
  }

  #unknown(code: number): CheckpointError {
    const name = unsupported.get(code);
    const hex = `0x${code.toString(16).padStart(2, '0')}`;
    return name === undefined
      ? this.input.error(`expected a pickle opcode, found ${hex}`)
      : new CheckpointError(
          `${this.input.label} uses the pickle opcode ${name} (${hex}), which is not supported`,
        );
  }

  /** Pushes a value. */
  push(value: Stored): void {
    this.charge(1);
    this.stack.push(value);
  }

  /** Pushes a new object. */
  pushNew(value: Stored): void {
    this.charge(8);
    this.stack.push(value);
  }

  /** Counts `amount` items that are made or copied. */
  charge(amount: number): void {
    this.#values.take(amount);
  }

  /** Removes and gives the value on top. */
  pop(): Stored {
    const value = this.stack.pop();
    if (value === undefined) throw this.input.error('expected a value on the stack, found none');
    return value;
  }

  /** The value on top, which stays. */
  top(): Stored {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.input.error('expected a value on the stack, found none');
    return value;
  }

  /** Removes and gives everything above the last mark. */
  popMark(): Stored[] {
    const items = this.stack;
    const below = this.marks.pop();
    if (below === undefined) throw this.input.error('expected a mark on the stack, found none');
    this.stack = below;
    return items;
  }

  /** The arguments that a tuple stands for. */
  arguments(value: Stored): readonly Stored[] {
    if (value instanceof Tuple) return value.items;
    throw this.input.error(`expected a tuple of arguments, found ${kindOf(value)}`);
  }

  /** Stands in for a call of `callable`: data where the name is known, and a description of it where not. */
  call(callable: Stored, args: readonly Stored[]): Stored {
    if (!(callable instanceof Unresolved)) {
      throw this.input.error(`expected a class or function, found ${kindOf(callable)}`);
    }
    this.charge(8);
    const known = callable.args === undefined ? this.constructors.get(callable.name) : undefined;
    return known?.(args, this) ?? new Unresolved(callable.module, callable.qualname, args);
  }

  /** Stands in for `__setstate__`: keeps the state with the object. */
  build(object: Stored, state: Stored): void {
    if (object instanceof Unresolved) {
      object.state = state;
    } else if (object instanceof OrderedDict) {
      const attributes = state instanceof Tuple ? (state.items[0] ?? null) : state;
      if (!(attributes instanceof Map)) return;
      this.charge(attributes.size);
      for (const [key, value] of attributes) {
        if (typeof key === 'string') object.attributes.set(key, value);
      }
    }
  }

  /** The class or function `module.name`, by its name of Python 3. */
  global(module: string, qualname: string): Unresolved {
    if (module.length + qualname.length > 1000) {
      throw this.input.error(`expected the name of a class, found ${quote(`${module}.${qualname}`)}`);
    }
    const named = new Unresolved(python3Modules.get(module) ?? module, qualname);
    this.globals.add(named.name);
    return named;
  }
}

/** Modules that Python 3 has renamed and writes by their old name in protocol 2. */
const python3Modules: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
]);
