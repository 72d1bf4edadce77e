/** Tensors made from another one, of which the engine need not be asked. */
import type { Interpreter } from '../interpret/interpreter';
import type { Dim } from '../interpret/sizes';
import { TensorValue } from '../interpret/values';

/** A tensor of the same shape and type that was computed from one. */
export function copyOf(
  interpreter: Interpreter,
  self: TensorValue,
  label: string,
  gradFn: string | undefined,
): TensorValue {
  const flows = self.requiresGrad && interpreter.gradEnabled && gradFn !== undefined;
  const made = new TensorValue(self.dims, self.dtype, {
    ...self.extra,
    parameter: false,
    known: undefined,
    requiresGrad: flows,
    gradFn: flows ? gradFn : undefined,
  });
  if (flows) made.sources = self.extra.gradFn === undefined ? [self] : self.sources;
  made.step = { label, from: self };
  return made;
}

/** As many elements as only running the file would show. */
export function someOf(
  interpreter: Interpreter,
  rest: readonly Dim[],
  like: TensorValue,
  dtype = like.dtype,
): TensorValue {
  const made = new TensorValue([interpreter.symbols.fresh('N'), ...rest], dtype, {
    ...like.extra,
    parameter: false,
    known: undefined,
    gradFn: like.requiresGrad && interpreter.gradEnabled ? 'IndexBackward0' : undefined,
    requiresGrad: like.requiresGrad && interpreter.gradEnabled,
  });
  made.sources = like.extra.gradFn === undefined && like.requiresGrad ? [like] : like.sources;
  return made;
}
