/** Operations that PyTorch links into the graph although it has no gradient for them. */
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';

/**
 * The gradient of such an operation: going back through it is refused.
 * @param operation as PyTorch's message names it, such as `floor_divide`
 * @param name of the node
 */
export function notImplemented(operation: string, name = 'NotImplemented') {
  return {
    name,
    backward(): readonly (Tensor | undefined)[] {
      throw new EngineError(`derivative for aten::${operation} is not implemented`);
    },
  };
}
