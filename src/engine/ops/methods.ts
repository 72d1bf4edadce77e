/** Puts functions on the `Tensor` class as methods, so that `x.add(y)` and `add(x, y)` are one thing. */
import { Tensor } from '../tensor';
import { inPlace } from './apply';

type TensorFunction = (self: Tensor, ...rest: never[]) => unknown;

/** Makes each function a method of the same name; its first parameter becomes `this`. */
export function defineMethods(functions: Readonly<Record<string, TensorFunction>>): void {
  for (const [name, body] of Object.entries(functions)) {
    Object.defineProperty(Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: Tensor, ...rest: never[]) {
        return body(this, ...rest);
      },
    });
  }
}

/** Makes each function an in-place method: `add` gives `add_`. */
export function defineInPlaceMethods(
  functions: Readonly<Record<string, (self: Tensor, ...rest: never[]) => Tensor>>,
): void {
  const changing = Object.entries(functions).map(([name, body]) => [
    `${name}_`,
    (self: Tensor, ...rest: never[]) => inPlace(self, target => body(target, ...rest)),
  ]);
  defineMethods(Object.fromEntries(changing));
}
