/**
 * Lazy expressions. Think of an `Expr` as one line of a recorded computation: an operation, what it is
 * applied to, and the shape and type of what it will give. Expressions never change; nothing is computed
 * until somebody asks, and then the answer is kept in `buffer`.
 */
import type { Device } from './device';
import { checkDtype, type DType, type TypedArray } from './dtype';
import { EngineError } from './errors';
import type { Op } from './ops/op';
import type { Shape } from './shape';

/** Shape and type of a tensor: all that is known before anything is computed. */
export interface Meta {
  readonly shape: Shape;
  readonly dtype: DType;
  /** True for a plain number in an expression such as `x + 2`: it does not decide the result's type. */
  readonly isNumber?: boolean;
}

/** A setting of an operation: plain data, so that two expressions can be compared. */
export type AttributeValue =
  | number
  | boolean
  | string
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** The settings of an operation. */
export type Attributes = { readonly [name: string]: AttributeValue };

/** The numbers of a computed expression, on the host or on a device. */
export interface Buffer {
  /** The numbers on the host; undefined while they exist on the device only. */
  readonly host: TypedArray | undefined;
  /** Copies the numbers to the host. */
  read(): Promise<TypedArray>;
  /** Frees device memory; the buffer is not used afterwards. */
  dispose(): void;
}

/** A buffer of numbers in the host's memory. */
export class HostBuffer implements Buffer {
  constructor(readonly host: TypedArray) {}

  read(): Promise<TypedArray> {
    return Promise.resolve(this.host);
  }

  dispose(): void {}
}

let created = 0;

/** One recorded operation, or a leaf that holds numbers. */
export class Expr<A extends Attributes = Attributes> implements Meta {
  /** Later expressions have higher ids, so ids are an order of computation. */
  readonly id = created++;
  /** The numbers, once they are known. */
  buffer: Buffer | undefined;

  private constructor(
    /** The operation; undefined for a leaf. */
    readonly op: Op<A> | undefined,
    readonly inputs: readonly Expr[],
    readonly attributes: A,
    readonly shape: Shape,
    readonly dtype: DType,
    readonly device: Device,
    readonly isNumber = false,
  ) {
    checkDtype(dtype);
  }

  /** Records an operation on inputs of one device; shapes and types are checked here. */
  static of<A extends Attributes>(op: Op<A>, inputs: readonly Expr[], attributes: A, on?: Device): Expr<A> {
    const device = on ?? commonDevice(op.name, inputs);
    const meta = op.infer(inputs, attributes);
    return new Expr(op, inputs, attributes, meta.shape, meta.dtype, device, meta.isNumber ?? false);
  }

  /** A leaf that holds `data`, row-major. */
  static leaf(data: TypedArray, meta: Meta, device: Device = 'cpu'): Expr {
    const leaf = Expr.placeholder(meta, device);
    leaf.buffer = new HostBuffer(data);
    return leaf;
  }

  /** A leaf whose numbers are given when the computation runs. */
  static placeholder(meta: Meta, device: Device): Expr {
    return new Expr<Attributes>(undefined, [], {}, meta.shape, meta.dtype, device);
  }

  /** True if this is an application of `op`; its attributes are then known to be `op`'s. */
  is<B extends Attributes>(op: Op<B>): this is Expr<B> {
    return Object.is(this.op, op);
  }
}

function commonDevice(name: string, inputs: readonly Expr[]): Device {
  let found: Device | undefined;
  for (const input of inputs) {
    if (found === undefined) found = input.device;
    else if (found !== input.device) {
      throw new EngineError(
        `Expected all tensors to be on the same device, but found at least two devices, ${found} and ` +
          `${input.device}! (in ${name}; move one of them with .to('${found}'))`,
      );
    }
  }
  return found ?? 'cpu';
}
