/** Conversion to another element type, moves between devices, and copies. */
import type { Device } from '../../device';
import { devices } from '../../device';
import { type DType, dtypes } from '../../dtype';
import { EngineError } from '../../errors';
import { broadcastShapes, formatShape, sameShape, stridesOf } from '../../shape';
import { Tensor } from '../../tensor';
import { apply, inPlace } from '../apply';
import { elementwise } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { zerosLike } from './creation';

/** Changes the element type. Rounding to the type is the caller's part of every kernel. */
export const castOp = defineOp<{ dtype: DType }>({
  name: 'to',
  infer: ([input], { dtype }) => ({ shape: input?.shape ?? [], dtype }),
  gradient: {
    name: 'ToCopyBackward0',
    backward: (grad, { inputMeta }) => [grad.to(inputMeta[0]?.dtype ?? grad.dtype)],
  },
  lower: (graph, { inputs, dtype }) => inputs.map(input => graph.as(input, dtype))[0] ?? '',
  kernel: ([input]) => input?.data ?? [],
});

/** Moves numbers to another device; the runtime does it between runs, so there is nothing to lower. */
export const toDevice = defineOp<{ from: Device; device: Device }>({
  name: 'to_device',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: { name: 'ToCopyBackward0', backward: (grad, { attributes }) => [grad.to(attributes.from)] },
  lower: (graph, { inputs }) => inputs.map(input => graph.value(input))[0] ?? '',
  kernel: ([input]) => input?.data ?? [],
});

const cloneOp = defineOp({
  name: 'clone',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: { name: 'CloneBackward0', backward: grad => [grad] },
  lower: (graph, { inputs }) => inputs.map(input => graph.value(input))[0] ?? '',
  kernel: ([input]) => input?.data ?? [],
});

/** `self` overwritten by `source`: what `copy_` does. */
export const copyOp = defineOp<{ node: string }>({
  name: 'copy',
  infer([self, source]) {
    const shape = self?.shape ?? [];
    const broadcast = broadcastShapes(shape, source?.shape ?? []);
    if (!sameShape(broadcast, shape)) {
      throw new EngineError(
        `output with shape ${formatShape(shape)} doesn't match the broadcast shape ${formatShape(broadcast)}`,
      );
    }
    return { shape, dtype: self?.dtype ?? 'float32' };
  },
  gradient: { name: ({ node }) => node, backward: grad => [zerosLike(grad), grad] },
  lower(graph, { inputs: [self, source], shape, dtype }) {
    if (self === undefined || source === undefined) throw new Error('copy takes two inputs');
    const value = graph.as(source, dtype);
    return sameShape(source.shape, shape) ? value : graph.node('Expand', [value, graph.ints(shape)]);
  },
  kernel: elementwise((_self, source = 0) => source),
});

function isDevice(target: DType | Device): target is Device {
  return devices.some(device => device === target);
}

/** How a tensor is converted. */
export interface ToOptions {
  /** A copy also where the tensor is there already. */
  readonly copy?: boolean;
}

/**
 * The tensor on a device or in an element type, or as another tensor is; the tensor itself if it is there already.
 * @throws EngineError where the target is neither, or the device does not have the type
 */
export function to(self: Tensor, target: DType | Device | Tensor, options: ToOptions = {}): Tensor {
  if (target instanceof Tensor) return to(to(self, target.device), target.dtype, options);
  if (isDevice(target)) {
    if (self.device === target) return options.copy ? apply(castOp, [self], { dtype: self.dtype }) : self;
    if (target !== 'cpu' && self.dtype === 'float64') {
      throw new EngineError(`float64 is not supported on ${target}: convert with .to('float32') first`);
    }
    return apply(toDevice, [self], { from: self.device, device: target }, target);
  }
  if (!dtypes.some(dtype => dtype === target)) {
    throw new EngineError(
      `'${target}' is neither a dtype (${dtypes.join(', ')}) nor a device (${devices.join(', ')})`,
    );
  }
  return self.dtype === target && !options.copy ? self : apply(castOp, [self], { dtype: target });
}

/** A copy with numbers of its own. */
export function clone(self: Tensor): Tensor {
  return apply(cloneOp, [self], {});
}

function copy(self: Tensor, source: Tensor): Tensor {
  const arriving = source.device === self.device ? source : source.to(self.device);
  return apply(copyOp, [self, arriving], { node: 'CopyBackwards' });
}

/** Overwrites all of `self` by a tensor without dimensions, as `x[...] = value` does. */
export function fillWith(self: Tensor, value: Tensor): Tensor {
  return inPlace(self, target => apply(copyOp, [target, value], { node: 'FillBackward3' }));
}

defineMethods({
  to,
  clone,
  contiguous: (self: Tensor) => (self.stride().join() === stridesOf(self.shape).join() ? self : clone(self)),
  float: (self: Tensor) => to(self, 'float32'),
  double: (self: Tensor) => to(self, 'float64'),
  long: (self: Tensor) => to(self, 'int64'),
  int: (self: Tensor) => to(self, 'int32'),
  bool: (self: Tensor) => to(self, 'bool'),
});
defineInPlaceMethods({ copy });
defineSignatures(`
  clone(self)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The tensor on a device or in an element type, or as another is; the tensor itself if it is there already. */
    to(target: DType | Device | Tensor, options?: ToOptions): Tensor;
    /** A copy with numbers of its own. */
    clone(): Tensor;
    /** The tensor itself, or a copy of a view whose numbers do not lie in order. */
    contiguous(): Tensor;
    float(): Tensor;
    double(): Tensor;
    long(): Tensor;
    int(): Tensor;
    bool(): Tensor;
    /** Overwrites this tensor with the numbers of another one. */
    copy_(source: Tensor): this;
  }
}
