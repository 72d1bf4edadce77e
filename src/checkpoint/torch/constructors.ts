/**
 * PyTorch's functions that a pickle calls to rebuild tensors.
 */

import { elementTypes } from '../elements';
import { pythonConstructors } from '../pickle/constructors';
import type { Constructor } from '../pickle/machine';
import { isTensor, type Stored, Tuple, Unresolved } from '../stored';
import type { StorageLoader } from './storages';

/** A tensor that is passed on: parameters are kept as plain tensors. */
const first: Constructor = ([tensor]) => (tensor !== undefined && isTensor(tensor) ? tensor : undefined);

/** What a file of PyTorch may call, by `module.name`. */
export function torchConstructors(storages: StorageLoader): ReadonlyMap<string, Constructor> {
  /** `_rebuild_tensor(storage, offset, size, stride)`; version 2 has more arguments, which say nothing more. */
  const rebuild: Constructor = ([storage, ...args]) => storages.tensor(storage, args);

  /** Version 3, for types that have no storage class: the type is the seventh argument. */
  const rebuildTyped: Constructor = ([storage, ...args]) => {
    const dtype = args[5];
    const type =
      dtype instanceof Unresolved && dtype.module === 'torch' ? elementTypes.get(dtype.qualname) : undefined;
    return type === undefined ? undefined : storages.tensor(storage, args, type);
  };

  /** `_rebuild_qtensor(storage, offset, size, stride, quantizer's parameters, …)`. */
  const rebuildQuantized: Constructor = ([storage, ...args]) => {
    const tensor = storages.tensor(storage, args);
    if (tensor !== undefined) storages.quantize(tensor, args[3] ?? null);
    return tensor;
  };

  const tensors = new Map<string, Constructor>([
    ['torch._utils._rebuild_tensor', rebuild],
    ['torch._utils._rebuild_tensor_v2', rebuild],
    ['torch._utils._rebuild_tensor_v3', rebuildTyped],
    ['torch._utils._rebuild_qtensor', rebuildQuantized],
    ['torch._utils._rebuild_parameter', first],
    ['torch._utils._rebuild_parameter_with_state', first],
    ['torch.nn.parameter.Parameter', first],
  ]);

  /** `_rebuild_from_type_v2(function, type, args, state)`: a tensor that carries Python attributes. */
  const rebuildFromType: Constructor = ([callable, , args], machine) => {
    if (!(callable instanceof Unresolved) || !(args instanceof Tuple)) return undefined;
    return tensors.get(callable.name)?.(args.items, machine);
  };

  return new Map<string, Constructor>([
    ...pythonConstructors,
    ...tensors,
    ['torch._tensor._rebuild_from_type_v2', rebuildFromType],
    // How TorchScript writes lists of one type.
    ...['int', 'double', 'bool', 'tensor'].map((type): [string, Constructor] => [
      `torch.jit._pickle.build_${type}list`,
      ([items]) => items,
    ]),
    ['torch.Size', ([sizes]: readonly Stored[]) => (sizes instanceof Tuple ? sizes : undefined)],
  ]);
}
