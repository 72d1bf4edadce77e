/** A look at the step that comes next: statistics and histograms of every parameter, gradient and activation. */
import { AccumulateGrad, compute, type GradNode, type nn, type Tensor, type TypedArray } from '../../engine';
import type { Look, SeenActivation, SeenParameter, SeenTensor } from '../../protocol/looks';
import { examine } from '../../statistics/statistics';
import { gradientOf, type NextStep } from './next-step';

async function seenIfThere(tensor: Tensor | undefined): Promise<SeenTensor | null> {
  return tensor === undefined ? null : examine(await tensor.data());
}

/** The nodes that only give the same numbers in another order or shape, which are not looked at. */
const rearranging = new Set(['TBackward0', 'ViewBackward0', 'ReshapeAliasBackward0', 'TransposeBackward0']);

/** Whether what a node gives is worth a look: an activation of the network, not its loss. */
function isActivation(node: GradNode): boolean {
  if (node instanceof AccumulateGrad || rearranging.has(node.name)) return false;
  return node.value !== undefined && (node.outputs[0]?.shape.length ?? 0) > 1;
}

/** The share of units [N, unit …] that gave 0 for every sample. */
function deadShare(data: TypedArray, samples: number): number {
  const units = data.length / Math.max(1, samples);
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let alive = false;
    for (let sample = 0; sample < samples && !alive; sample++)
      alive = Number(data[sample * units + unit]) !== 0;
    if (!alive) dead++;
  }
  return units === 0 ? 0 : dead / units;
}

async function seeActivation(
  step: NextStep,
  node: GradNode,
  number: number,
  modules: ReadonlyMap<object, string>,
): Promise<SeenActivation | undefined> {
  const data = await node.value?.data();
  if (data === undefined) return undefined;
  return {
    node: number,
    name: node.name,
    module: node.scope === undefined ? null : (modules.get(node.scope) ?? null),
    value: examine(data),
    gradient: await seenIfThere(step.gradients.get(node)),
    dead: node.name === 'ReluBackward0' ? deadShare(data, node.outputs[0]?.shape[0] ?? 1) : null,
  };
}

/** What was seen, still without the change that the step makes. */
export interface FirstLook {
  readonly look: Omit<Look, 'step' | 'epoch'>;
  /** The parameters as they are before the step. */
  readonly before: ReadonlyMap<string, TypedArray>;
}

/** Looks at a step. */
export async function lookAt(step: NextStep): Promise<FirstLook> {
  const { network, nodes } = step;
  // In the order of the forward pass. Nodes are read from the loss, where ways that part and meet again are mixed up.
  const activations = nodes.filter(isActivation).sort((a, b) => a.sequence - b.sequence);
  const gradients = network.namedParameters().map(([, parameter]) => gradientOf(step, parameter));
  const wanted = [...gradients, ...activations.flatMap(node => [node.value, step.gradients.get(node)])];
  await compute(...step.parameters.values(), ...wanted.flatMap(tensor => tensor ?? []));
  const before = new Map<string, TypedArray>();
  const parameters: SeenParameter[] = [];
  for (const [name, parameter] of step.parameters) {
    const data = await parameter.data();
    before.set(name, data);
    const gradient = await seenIfThere(gradients[parameters.length]);
    parameters.push({ name, value: examine(data), gradient, updateRatio: null });
  }
  const modules = new Map<object, string>(network.namedModules().map(([path, module]) => [module, path]));
  const found: SeenActivation[] = [];
  for (const node of activations) {
    const activation = await seeActivation(step, node, nodes.indexOf(node), modules);
    if (activation !== undefined) found.push(activation);
  }
  return { look: { parameters, activations: found }, before };
}

/** Adds how much the step has changed each parameter: ‖after − before‖ / ‖before‖. */
export async function withUpdates(
  { look, before }: FirstLook,
  network: nn.Module,
): Promise<FirstLook['look']> {
  const ratios = new Map<string, number | null>();
  for (const [name, parameter] of network.namedParameters()) {
    const data = before.get(name);
    if (data !== undefined) ratios.set(name, ratioOf(data, await parameter.detach().data()));
  }
  return {
    ...look,
    parameters: look.parameters.map(seen => ({ ...seen, updateRatio: ratios.get(seen.name) ?? null })),
  };
}

function ratioOf(before: TypedArray, after: TypedArray): number | null {
  let [change, size] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    const value = Number(before[i]);
    change += (Number(after[i]) - value) ** 2;
    size += value * value;
  }
  const ratio = Math.sqrt(change / size);
  return Number.isFinite(ratio) ? ratio : null;
}
