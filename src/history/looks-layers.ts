/** How the layers of a network fare over steps: gradients, updates, weights and dead units, a row for each. */
import type { LayerRow } from '../protocol/looks-page';
import type { KeptActivation, KeptLook, KeptParameter, KeptTensor } from './looks-line';
import { layerOfParameter, layerOrder, layersOfActivations } from './looks-tensors';

/** The L2 norm; null where there is none, or a value is no finite number. */
function normOf(tensor: KeptTensor | null): number | null {
  if (tensor === null) return null;
  const { norm, nan, infinite } = tensor.statistics;
  return nan + infinite > 0 ? null : norm;
}

/** The norm of several tensors together; null where one of them has none. */
function together(norms: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const norm of norms) {
    if (norm === null) return null;
    sum += norm * norm;
  }
  return norms.length === 0 || !Number.isFinite(sum) ? null : Math.sqrt(sum);
}

/** How much a step changes parameters, all together. */
function updateOf(parameters: readonly KeptParameter[]): number | null {
  let [change, size] = [0, 0];
  for (const { value, updateRatio } of parameters) {
    const norm = normOf(value);
    // What is still zero has no ratio.
    if (norm === null || updateRatio === null) continue;
    change += (updateRatio * norm) ** 2;
    size += norm * norm;
  }
  const ratio = Math.sqrt(change / size);
  return Number.isFinite(ratio) ? ratio : null;
}

/** The ReLU behind each layer: the first after it and before the next that learns. */
function relusBehind(
  look: KeptLook,
  learning: ReadonlySet<string>,
  layers: ReadonlyMap<number, string>,
): Map<string, KeptActivation> {
  const found = new Map<string, KeptActivation>();
  let layer: string | undefined;
  for (const activation of look.activations) {
    const own = layers.get(activation.node) ?? '';
    if (learning.has(own)) layer = own;
    if (activation.dead !== null && layer !== undefined && !found.has(layer)) found.set(layer, activation);
  }
  return found;
}

/** A row for each layer that learns, in the order of the forward pass. */
export function layerRows(looks: readonly KeptLook[]): LayerRow[] {
  const last = looks.at(-1);
  if (last === undefined) return [];
  const learning = new Set(last.parameters.map(({ name }) => layerOfParameter(name)));
  const layers = layersOfActivations(last.activations);
  const relus = relusBehind(last, learning, layers);
  return layerOrder(last)
    .filter(layer => learning.has(layer))
    .map(layer => {
      const relu = relus.get(layer);
      const own = looks.map(look =>
        look.parameters.filter(parameter => layerOfParameter(parameter.name) === layer),
      );
      return {
        name: layer,
        parameters: (own.at(-1) ?? []).reduce((sum, { value }) => sum + value.statistics.count, 0),
        relu: relu === undefined ? null : (layers.get(relu.node) ?? relu.name),
        gradient: own.map(parameters =>
          together(parameters.flatMap(({ gradient }) => (gradient === null ? [] : [normOf(gradient)]))),
        ),
        update: own.map(updateOf),
        weight: own.map(parameters => together(parameters.map(({ value }) => normOf(value)))),
        dead: looks.map(
          ({ activations }) => activations.find(({ node }) => node === relu?.node)?.dead ?? null,
        ),
      };
    });
}
