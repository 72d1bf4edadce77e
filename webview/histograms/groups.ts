/** Which tensors are shown, and with which others: a layer that learns with what follows it. */
import { shortLayer, type TensorEntry } from '../../src/protocol/looks-page';
import type { HistogramsState } from './state';

/** Tensors that are shown together. */
export interface TensorGroup {
  /** Such as `fc1, relu1`. */
  readonly name: string;
  readonly tensors: readonly TensorEntry[];
}

/** The groups of all tensors, layer by layer. */
export function groupsOf(tensors: readonly TensorEntry[]): TensorGroup[] {
  const learning = new Set(tensors.filter(({ kind }) => kind === 'parameter').map(({ layer }) => layer));
  const groups: { layers: string[]; tensors: TensorEntry[] }[] = [];
  for (const tensor of tensors) {
    const group = groups.at(-1);
    const known = group?.layers.includes(tensor.layer) ?? false;
    if (group === undefined || (!known && learning.has(tensor.layer))) {
      groups.push({ layers: [tensor.layer], tensors: [tensor] });
    } else {
      if (!known) group.layers.push(tensor.layer);
      group.tensors.push(tensor);
    }
  }
  return groups.map(group => ({ name: nameOf(group.layers), tensors: group.tensors }));
}

/** The layers of a group. That `fc1 → relu` comes after `fc1` need not be said beside it. */
function nameOf(layers: readonly string[]): string {
  return [...new Set(layers.map(shortLayer))].join(', ');
}

/** Whether a tensor is among those that are asked for. */
export function isWanted({ name, kind }: TensorEntry, { kinds, search }: HistogramsState): boolean {
  return kinds.includes(kind) && name.toLowerCase().includes(search.toLowerCase());
}
