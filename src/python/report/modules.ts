/** The modules of a file: their layers, parameters and outputs. */
import type { Flows } from '../interpret/flows';
import type { SourceFile } from '../interpret/interpreter';
import { linearized } from '../interpret/objects';
import type { Seen } from '../interpret/recorder';
import { PyInstance, TensorValue } from '../interpret/values';
import { moduleClass, modulesOf, parametersOf } from '../library/nn/module-class';
import type { Span } from '../parse';
import type { Lines } from './lines';
import { axes, shapesOf } from './occurrences';
import type { LayerReport, ModuleReport } from './types';

/** Reports of modules, made when they are asked for. */
export class ModuleReports {
  readonly all: ModuleReport[] = [];
  readonly #places = new Map<PyInstance, number>();

  constructor(
    file: SourceFile,
    private readonly lines: Lines,
    private readonly flows: Flows,
    seen: readonly Seen[],
  ) {
    for (const cls of file.classes) {
      if (cls.definition === undefined || !linearized(cls).includes(moduleClass)) continue;
      const instance = file.instances.get(cls);
      this.#add(cls.name, cls.definition.nameSpan, 'class', instance);
    }
    for (const [name, value] of file.globals.variables) {
      if (!(value instanceof PyInstance) || value.cls.name !== 'Sequential') continue;
      this.#add(name, placeOf(name, value, file, seen), 'instance', value);
    }
  }

  #add(
    name: string,
    span: { from: number; to: number },
    kind: ModuleReport['kind'],
    instance: PyInstance | undefined,
  ): void {
    if (instance !== undefined) this.#places.set(instance, this.all.length);
    const count = instance === undefined ? undefined : countOf(instance);
    const { inputs, outputs } =
      instance === undefined ? { inputs: [], outputs: [] } : this.flows.of(instance);
    this.all.push({
      name,
      range: this.lines.range(span),
      kind,
      layers: instance === undefined ? [] : layersOf(instance, this.flows),
      ...(count !== undefined && { parameterCount: count }),
      inputs: shapesOf(inputs),
      outputs: shapesOf(outputs),
    });
  }

  /** The place of a module among the reports. */
  indexOf(module: PyInstance): number | undefined {
    return this.#places.get(module);
  }
}

/** Where a name first stands for a module. */
function placeOf(name: string, module: PyInstance, file: SourceFile, seen: readonly Seen[]): Span {
  const found = seen.find(
    ({ modules, span }) => modules.has(module) && file.text.slice(span.from, span.to) === name,
  );
  return found?.span ?? { from: 0, to: 0 };
}

function layersOf(module: PyInstance, flows: Flows): LayerReport[] {
  return modulesOf(module)
    .slice(1, 200)
    .map(([path, one]) => ({
      path,
      kind: one.cls.name,
      parameters: [...one.attributes]
        .filter(
          (entry): entry is [string, TensorValue] =>
            entry[1] instanceof TensorValue && entry[1].extra.parameter === true,
        )
        .map(([name, tensor]) => ({ name, shape: axes(tensor.dims) })),
      outputs: shapesOf(flows.of(one).outputs),
    }));
}

function countOf(module: PyInstance): number | undefined {
  const counts = parametersOf(module).map(([, { dims }]) =>
    dims.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : Number.NaN), 1),
  );
  const total = counts.reduce((a, b) => a + b, 0);
  return Number.isNaN(total) ? undefined : total;
}
