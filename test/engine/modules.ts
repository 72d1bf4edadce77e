/** Modules made and called as the files that PyTorch wrote describe them. */
import { nn, Tensor } from '../../src/engine';
import { camelCase } from './translate';

/** Options with the engine's names. */
export function camelKeys(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
}

/** The arguments as the engine takes them: options come last, in one object. */
export function withOptions(
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>> = {},
): readonly unknown[] {
  return Object.keys(options).length === 0 ? args : [...args, camelKeys(options)];
}

/** Makes a module of `torch.nn`; undefined where the engine has none of that name. */
export function construct(kind: string, args: readonly unknown[]): nn.AnyModule | undefined {
  const found: unknown = Reflect.get(nn, kind);
  if (typeof found !== 'function') return undefined;
  const made: unknown = Reflect.construct(found, args);
  if (!(made instanceof nn.AnyModule)) throw new Error(`nn.${kind} is no module`);
  return made;
}

/** Calls a module whatever it takes. */
export function callModule(module: nn.AnyModule, args: readonly unknown[]): unknown {
  const call: unknown = Reflect.get(module, 'call');
  if (typeof call !== 'function') throw new Error(`${module.kind} cannot be called`);
  return Reflect.apply(call, module, args);
}

/** The tensors in what a module gave, in their order. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}
