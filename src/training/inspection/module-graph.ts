/** The graph of a module of a Python file that nobody has trained yet: built, and run on a batch of zeros. */
import { manualSeed, zeros } from '../../engine';
import type { Graph } from '../../protocol/graph';
import type { InterpretedNetwork } from '../../python';
import { inWords, type PythonChoice, readPython, takePython } from '../models/python/source';
import { taskOf } from '../models/python/task';
import { classification, type Task } from '../tasks';
import { describeGraph } from './graph-description';
import { passOver } from './next-step';

/** What a module is given for its graph. */
export interface ExampleBatch {
  readonly batch: number;
  /** The shape of a sample. */
  readonly sample: readonly number[];
  readonly classes: number;
}

/** For what is no classifier: the mean of all that it gives stands in the place of a loss. */
const meanOfAll: Task = { ...classification, loss: scores => scores.mean() };

/**
 * Describes the graph of a module. Nothing is computed.
 * @throws TrainingError with file and line where it cannot be built
 */
export function graphOfModule(choice: PythonChoice, { batch, sample, classes }: ExampleBatch): Graph {
  const source = takePython(choice);
  manualSeed(0);
  return inWords(() => {
    const read = readPython(source);
    const network = read.build({ sample, classes, anyOutput: true });
    const task = taskFor(network, read.recipe.loss, classes);
    const step = passOver({ network, task }, zeros([batch, ...sample]), zeros([batch], { dtype: 'int64' }));
    return describeGraph(step, network, source.name, '');
  });
}

/** What it learns, as far as its graph shows that. */
function taskFor(network: InterpretedNetwork, loss: Parameters<typeof taskOf>[0], classes: number): Task {
  const { outputs: width, lastNode } = network.fit;
  if (width !== classes || network.fit.rank !== 2) return meanOfAll;
  try {
    return taskOf(loss, { width, lastNode }, classes, '');
  } catch {
    // A loss that cannot be trained with says nothing of the module.
    return meanOfAll;
  }
}
