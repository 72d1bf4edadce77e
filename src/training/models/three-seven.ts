/**
 * `three-seven`: is it a 3 or a 7? Everything by hand, as in first lessons of deep learning: the parameters are
 * tensors, the layers are products, the loss is written with `where`, and a threshold decides.
 */
import {
  nn,
  type OnnxWriter,
  randn,
  type Tensor,
  type Value,
  type WritesOnnx,
  type WritesPython,
  zeros,
} from '../../engine';
import { threshold } from '../tasks';
import { featuresOf, type NetworkShape, type Preset } from './preset';

const sizes = (shape: NetworkShape) => [featuresOf(shape), ...shape.hidden, 1];

/** Weights `w1` [in, out], biases `b1` [out] and so on, and max(0, x) between the layers; no other module in it. */
class ThreeSeven extends nn.Module implements WritesOnnx, WritesPython {
  readonly #layers: (readonly [weight: nn.Parameter, bias: nn.Parameter])[] = [];

  constructor(widths: readonly number[]) {
    super();
    widths.slice(1).forEach((size, i) => {
      const before = widths[i] ?? 0;
      // Of this spread, the sum over all inputs is about as large as one of them.
      const weight = new nn.Parameter(
        randn([before, size])
          .mul(1 / Math.sqrt(before))
          .detach(),
      );
      const bias = new nn.Parameter(zeros([size]));
      this.#layers.push([weight, bias]);
      Object.assign(this, { [`w${i + 1}`]: weight, [`b${i + 1}`]: bias });
    });
  }

  override forward(images: Tensor): Tensor {
    return this.#layers.reduce(
      (x, [weight, bias], i) => (i === 0 ? x : x.clamp(0)).matmul(weight).add(bias),
      images.flatten(1),
    );
  }

  writeOnnx(graph: OnnxWriter, input: Value): string {
    const flat = graph.node('Flatten', [input.name], 'flatten', { axis: 1 });
    return this.#layers.reduce((x, _layer, i) => {
      const given = i === 0 ? x : graph.node('Relu', [x], `relu${i}`);
      const product = graph.node('MatMul', [given, graph.weight(`w${i + 1}`)], `product${i + 1}`);
      return graph.node('Add', [product, graph.weight(`b${i + 1}`)], `sum${i + 1}`);
    }, flat);
  }

  writePython(): ReturnType<WritesPython['writePython']> {
    const parameter = (name: string, { shape }: nn.Parameter) =>
      `self.${name} = nn.Parameter(torch.zeros(${shape.join(', ')}))`;
    return {
      init: this.#layers.flatMap(([weight, bias], i) => [
        parameter(`w${i + 1}`, weight),
        parameter(`b${i + 1}`, bias),
      ]),
      forward: [
        'x = x.flatten(1)',
        ...this.#layers.map((_layer, i) => {
          const given = i === 0 ? 'x' : 'x.clamp(min=0)';
          return `x = ${given} @ self.w${i + 1} + self.b${i + 1}`;
        }),
        'return x',
      ],
    };
  }
}

/** One number for each image, above 0 for a 3. */
export const threeSeven: Preset = {
  hidden: [30],
  hiddenLayers: 'any',
  takesDropout: false,
  defaults: { optimizer: 'adam', lr: 0.01, scheduler: 'onecycle' },
  classes: ['7', '3'],
  task: threshold,
  unitDim: 1,
  sizes,
  build: shape => new ThreeSeven(sizes(shape)),
};
