/** Tensors of formats that know nothing but tensors with names: each lies in one piece, and shares nothing. */
import type { TensorRole } from '../protocol/checkpoint';
import { type OpenedContent, roleOf } from './checkpoint-file';
import { decodeElements, type ElementType } from './elements';
import { CheckpointError, quote } from './errors';
import { elementCount, safeCount } from './stored';

/** A tensor of such a format. */
export interface FlatTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Whether numbers have the byte order that is rare today. */
  readonly bigEndian?: boolean;
  /** What it is there for, where its name does not tell. */
  readonly role?: TensorRole;
  /** Why it cannot be read. */
  readonly problem?: string;
  /** Reads its elements, in row-major order. */
  readonly read: () => Uint8Array;
}

/** The part of a file's content that its tensors are. */
export function flatTensors(tensors: readonly FlatTensor[]): Pick<OpenedContent, 'tensors' | 'elements'> {
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]));
  return {
    tensors: tensors.map(({ name, type, shape, role, problem }) => ({
      name,
      path: pathOf(name),
      dtype: type.name,
      shape,
      elements: safeCount(elementCount(shape)),
      bytes: safeCount(safeCount(elementCount(shape)) * type.bytes),
      role: role ?? roleOf(name),
      ...(problem !== undefined && { problem }),
    })),
    elements: ({ name }) => {
      const found = byName.get(name);
      if (found === undefined) throw new CheckpointError(`has no tensor ${quote(name)}`);
      const { type, shape, bigEndian = false, problem, read } = found;
      if (problem !== undefined) throw new CheckpointError(`${name}: ${problem}`);
      return {
        dtype: type.dtype,
        shape: type.parts === 1 ? shape : [...shape, type.parts],
        data: decodeElements(type, read(), bigEndian),
        ...(type.name !== type.dtype && { storedAs: type.name }),
      };
    },
  };
}

/** A name in steps: `layers.0.weight` and `layers/0/weight` alike. */
export function pathOf(name: string): string[] {
  const steps = name.split(/[./]/).filter(step => step !== '');
  return steps.length === 0 ? [name] : steps;
}
