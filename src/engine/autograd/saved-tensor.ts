/**
 * A tensor kept for the backward pass. Values are never overwritten here, so a saved tensor would still
 * be right after an in-place change; but whoever learns with Descent must get PyTorch's error, since the
 * same program would compute a wrong gradient there.
 */
import { EngineError } from '../errors';
import { Tensor } from '../tensor';
import type { Edge, GradNode } from './node';

/** What {@link SavedTensor} remembers; forgotten when the graph is freed. */
interface Snapshot {
  readonly tensor: Tensor;
  readonly edge: Edge | undefined;
}

/** A tensor as it was when it was saved. */
export class SavedTensor {
  #snapshot: Snapshot | undefined;
  #storage: Tensor['storage'];
  #version: number | undefined;

  /** @param edge how the tensor is linked to the graph; leaves that collect a gradient are kept as they are. */
  constructor(
    readonly tensor: Tensor,
    edge: Edge | undefined,
  ) {
    this.#snapshot = {
      tensor: edge === undefined && tensor.requiresGrad ? tensor : Tensor.fromExpr(tensor.expr),
      edge,
    };
    this.#storage = tensor.storage;
    this.#version = tensor.storage.version;
  }

  /** The value now lives in another tensor's storage: an in-place operation put it there. */
  movedTo(storage: Tensor['storage']): void {
    this.#storage = storage;
    this.#version = storage.version;
  }

  /** The value was copied before an in-place operation overwrote it: never complain. */
  exempt(): void {
    this.#version = undefined;
  }

  /** True if the tensor's numbers lie in this storage. */
  livesIn(storage: Tensor['storage']): boolean {
    return this.#storage === storage;
  }

  /** The tensor, for use in the gradient formula of `user`. */
  unpack(user: GradNode): Tensor {
    if (this.#snapshot === undefined) {
      throw new EngineError(
        'Trying to backward through the graph a second time (or directly access saved tensors after they ' +
          'have already been freed). Saved intermediate values of the graph are freed when you call ' +
          'backward() or autograd.grad(). Specify retainGraph: true if you need to backward through the ' +
          `graph a second time. (at ${user.name})`,
      );
    }
    const { tensor, edge } = this.#snapshot;
    if (this.#version !== undefined && this.#storage.version !== this.#version) {
      const type = tensor.dtype === 'float64' ? 'Double' : 'Float';
      throw new EngineError(
        'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
          `[torch.${type}Tensor [${tensor.shape.join(', ')}]], used by ${user.name}, is at version ` +
          `${this.#storage.version}; expected version ${this.#version} instead.`,
      );
    }
    return edge === undefined ? tensor : Tensor.linked(tensor.expr, edge);
  }

  /** Forgets the tensor. */
  release(): void {
    this.#snapshot = undefined;
  }
}
