/** Which tensors were looked at: their names, the layers they belong to, and each one's looks. */
import { layerArrow, type NotFinite, type TensorEntry } from '../protocol/looks-page';
import type { KeptActivation, KeptLook, KeptTensor } from './looks-line';

/** A tensor as it was at a step. */
export interface SeenAt {
  readonly step: number;
  readonly tensor: KeptTensor;
}

/** Parameters of the network itself are shown with this. */
const networkItself = '(network)';

/** The module that a parameter belongs to: `fc1` of `fc1.weight`. */
export function layerOfParameter(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.'))) || networkItself;
}

/** What PyTorch calls the operation of a node: `log_softmax` of `LogSoftmaxBackward0`. */
export function operationName(node: string): string {
  const bare = node.replace(/Backward\d*$/, '');
  return bare.replace(/(?<=[a-z0-9]D?)(?=[A-Z][a-z])/g, '_').toLowerCase();
}

/**
 * The layers that activations are shown with, by their nodes: the module of each or, outside of modules, its operation.
 * Of several operations of one name, the module before them says which: `fc1 → relu`.
 */
export function layersOfActivations(activations: readonly KeptActivation[]): ReadonlyMap<number, string> {
  const outside = activations.filter(({ module }) => !module).map(({ name }) => operationName(name));
  const several = new Set(outside.filter((operation, i) => outside.indexOf(operation) !== i));
  let before = '';
  return new Map(
    activations.map(({ node, module, name }) => {
      const operation = operationName(name);
      if (module) before = module;
      const told = several.has(operation) && before !== '' ? `${before}${layerArrow}${operation}` : operation;
      return [node, module || told];
    }),
  );
}

const parameterId = (name: string, of: 'value' | 'gradient') => `parameter ${of} ${name}`;
const activationId = (node: number, of: 'value' | 'gradient') => `activation ${of} ${node}`;

/** The names of activations by their nodes: a module that does several things gives several. */
function activationNames(
  activations: readonly KeptActivation[],
  layers: ReadonlyMap<number, string>,
): Map<number, string> {
  const perLayer = new Map<string, number>();
  for (const layer of layers.values()) perLayer.set(layer, (perLayer.get(layer) ?? 0) + 1);
  const taken = new Set<string>();
  return new Map(
    activations.map(activation => {
      const layer = layers.get(activation.node) ?? '';
      const operation = operationName(activation.name);
      const one = perLayer.get(layer) === 1;
      const isNamed = one || !activation.module;
      let name = isNamed ? `${layer} output` : `${layer} ${operation} output`;
      for (let i = 2; taken.has(name); i++) name = `${name.replace(/ output( \d+)?$/, ' output')} ${i}`;
      taken.add(name);
      return [activation.node, name];
    }),
  );
}

type Entry = Omit<TensorEntry, 'count' | 'notFinite'>;

function entriesOf({ parameters, activations }: KeptLook): Entry[] {
  const entries: Entry[] = parameters.flatMap(({ name }) => {
    const layer = layerOfParameter(name);
    return [
      { id: parameterId(name, 'value'), name, layer, kind: 'parameter' as const },
      { id: parameterId(name, 'gradient'), name: `${name}.grad`, layer, kind: 'gradient' as const },
    ];
  });
  const layers = layersOfActivations(activations);
  const names = activationNames(activations, layers);
  for (const { node } of activations) {
    const layer = layers.get(node) ?? '';
    const name = names.get(node) ?? layer;
    entries.push({ id: activationId(node, 'value'), name, layer, kind: 'activation' });
    entries.push({ id: activationId(node, 'gradient'), name: `${name}.grad`, layer, kind: 'gradient' });
  }
  return entries;
}

/** The layers in the order of the forward pass; one that gives no activation stands before the next that does. */
export function layerOrder({ parameters, activations }: KeptLook): string[] {
  const forward = [...new Set(layersOfActivations(activations).values())];
  const order: string[] = [];
  const given = new Set(forward);
  const learning = new Set(parameters.map(({ name }) => layerOfParameter(name)));
  const waiting = [...learning];
  for (const layer of forward) {
    const until = learning.has(layer) ? waiting.indexOf(layer) : -1;
    const before = waiting.splice(0, until + 1).filter(other => !given.has(other));
    order.push(...before, layer);
  }
  return [...order, ...waiting.filter(layer => !given.has(layer))];
}

function tensorsOf({ parameters, activations }: KeptLook): Map<string, KeptTensor | null> {
  return new Map([
    ...parameters.flatMap(({ name, value, gradient }) => [
      [parameterId(name, 'value'), value] as const,
      [parameterId(name, 'gradient'), gradient] as const,
    ]),
    ...activations.flatMap(({ node, value, gradient }) => [
      [activationId(node, 'value'), value] as const,
      [activationId(node, 'gradient'), gradient] as const,
    ]),
  ]);
}

function notFiniteOf(seen: readonly SeenAt[]): NotFinite | null {
  const first = seen.find(({ tensor: { statistics } }) => statistics.nan + statistics.infinite > 0);
  const last = seen.at(-1)?.tensor.statistics;
  if (first === undefined || last === undefined) return null;
  return { step: first.step, nan: last.nan, infinite: last.infinite };
}

/** The looks of each tensor. */
function byTensor(looks: readonly KeptLook[]): Map<string, SeenAt[]> {
  const all = new Map<string, SeenAt[]>();
  for (const look of looks) {
    for (const [id, tensor] of tensorsOf(look)) {
      if (tensor === null) continue;
      const seen = all.get(id);
      if (seen === undefined) all.set(id, [{ step: look.step, tensor }]);
      else seen.push({ step: look.step, tensor });
    }
  }
  return all;
}

/** The looks of one tensor. */
export function seenOf(looks: readonly KeptLook[], id: string): SeenAt[] {
  return looks.flatMap(look => {
    const tensor = tensorsOf(look).get(id);
    return tensor == null ? [] : [{ step: look.step, tensor }];
  });
}

/** The tensors that were looked at, layer by layer. */
export function listTensors(looks: readonly KeptLook[]): TensorEntry[] {
  const last = looks.at(-1);
  if (last === undefined) return [];
  const order = layerOrder(last);
  const seen = byTensor(looks);
  return entriesOf(last)
    .flatMap(entry => {
      const looksAt = seen.get(entry.id);
      const count = looksAt?.at(-1)?.tensor.statistics.count;
      if (looksAt === undefined || count === undefined) return [];
      return [{ ...entry, count, notFinite: notFiniteOf(looksAt) }];
    })
    .sort((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer));
}
