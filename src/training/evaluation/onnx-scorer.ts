/** Asking an `.onnx` model about images: what it takes and gives is read off it, and what it leaves open is told. */
import type { ForeignModel, ModelInput, ModelValue } from '../../engine';
import { TrainingError } from '../errors';
import { type InputForm, prepareImages } from './input-form';
import type { Images, Scorer, Scores } from './scorer';

/** Where in a model's input what is. */
export interface OnnxInput {
  readonly name: string;
  readonly dtype: ModelInput['dtype'];
  /** `flat` for one row of numbers an image; H, W and C stand for height, width and channels. */
  readonly layout: 'NCHW' | 'NHWC' | 'NHW' | 'flat';
  readonly size: readonly [number, number];
  readonly channels: number;
  /** How many images at once; null for any number. */
  readonly batch: number | null;
}

/** Which of a model's outputs are the scores, and whether they are probabilities. */
export interface OnnxOutput {
  readonly name: string;
}

const shapeText = ({ dtype, shape }: ModelValue) => `${dtype} [${shape.map(size => size ?? '?').join(', ')}]`;
const listText = (values: readonly ModelValue[]) =>
  values.map(value => `${value.name} ${shapeText(value)}`).join(', ') || 'none';

function dtypeOf(file: string, { name, dtype }: ModelValue): ModelInput['dtype'] {
  if (dtype === 'float32' || dtype === 'float64' || dtype === 'uint8') return dtype;
  throw new TrainingError(
    `${file}: expected an input of float32, float64 or uint8 for images, ${name} is ${dtype}`,
  );
}

/** One that is left open fits anything. */
const fits = (found: number | null | undefined, wanted: number) => found === null || found === wanted;

/**
 * How a model takes images.
 * @param sample the shape of the data's images, which sizes that are left open are taken from
 * @throws TrainingError where it takes none
 */
export function inputOf(file: string, { inputs }: ForeignModel, sample: readonly number[]): OnnxInput {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) {
    throw new TrainingError(
      `${file}: expected a model with one input, for images, found ${listText(inputs)}`,
    );
  }
  const [height = 1, width = 1] = sample.slice(-2);
  const dtype = dtypeOf(file, input);
  const [batch = null, ...rest] = input.shape;
  const common = { name: input.name, dtype, batch };
  const whole = (size: number | null | undefined, otherwise: number) => size ?? otherwise;
  const [a, b, c] = rest;
  if (rest.length === 3 && (a === 1 || a === 3 || (a === null && c !== 1 && c !== 3))) {
    return { ...common, layout: 'NCHW', channels: a ?? 1, size: [whole(b, height), whole(c, width)] };
  }
  if (rest.length === 3 && (c === 1 || c === 3)) {
    return { ...common, layout: 'NHWC', channels: c, size: [whole(a, height), whole(b, width)] };
  }
  if (rest.length === 2) {
    return { ...common, layout: 'NHW', channels: 1, size: [whole(a, height), whole(b, width)] };
  }
  if (rest.length === 1 && fits(a, height * width)) {
    return { ...common, layout: 'flat', channels: 1, size: [height, width] };
  }
  throw new TrainingError(
    `${file}: expected an input for images of ${height}×${width}, found ${listText(inputs)}`,
  );
}

/** The output that holds `width` scores for each image. */
export function outputOf(file: string, { outputs }: ForeignModel, width: number): string {
  const fitting = outputs.filter(({ shape }) => fits(shape.at(-1), width) && shape.length >= 1);
  const found = fitting.find(({ shape }) => shape.at(-1) === width) ?? fitting[0];
  if (found !== undefined) return found.name;
  throw new TrainingError(
    `${file}: expected an output with a score for each of ${width} classes, found ${listText(outputs)}`,
  );
}

/** The input in words: `Input3, float32 [1, 1, 28, 28], one image at a time`. */
export function describeInput({ name, dtype, layout, size, channels, batch }: OnnxInput): string {
  const [height, width] = size;
  const shapes = {
    NCHW: [channels, height, width],
    NHWC: [height, width, channels],
    NHW: [height, width],
    flat: [height * width],
  };
  const amount = batch === null ? 'any number of images' : batch === 1 ? 'one image' : `${batch} images`;
  return `${name}, ${dtype} [${[batch ?? 'N', ...shapes[layout]].join(', ')}], ${amount} at a time`;
}

/** From channel after channel to pixel after pixel. */
function interleaved(data: Float32Array, channels: number): Float32Array {
  if (channels === 1) return data;
  const area = data.length / channels;
  return data.map((_, i) => data[(i % channels) * area + Math.floor(i / channels)] ?? 0);
}

/** Asks a model, as many images at once as it takes. */
export class OnnxScorer implements Scorer {
  constructor(
    private readonly model: ForeignModel,
    private readonly input: OnnxInput,
    private readonly output: string,
    private readonly form: InputForm,
  ) {}

  async score(images: Images): Promise<Scores> {
    const { count, shape, numbers } = images;
    const size = shape.reduce((product, length) => product * length, 1);
    const batch = this.input.batch ?? count;
    const parts: Scores[] = [];
    for (let start = 0; start < count; start += batch) {
      const end = Math.min(count, start + batch);
      const part = { count: end - start, shape, numbers: numbers.subarray(start * size, end * size) };
      const scores = await this.model.run(this.input.name, this.#numbers(part, batch), this.output);
      // A model that takes a fixed number of images is given black ones behind the last.
      parts.push(scores.subarray(0, (scores.length / batch) * (end - start)));
    }
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => {
      all.set(part, at);
      return at + part.length;
    }, 0);
    return all;
  }

  async release(): Promise<void> {
    await this.model.release();
  }

  #numbers(images: Images, batch: number): ModelInput {
    const { layout, channels, size, dtype } = this.input;
    const [height, width] = size;
    const numbers = prepareImages(images, this.form);
    const perImage = channels * height * width;
    const padded = new Float32Array(batch * perImage);
    for (let i = 0; i < images.count; i++) {
      const image = numbers.subarray(i * perImage, (i + 1) * perImage);
      padded.set(layout === 'NHWC' ? interleaved(image, channels) : image, i * perImage);
    }
    const shapes = {
      NCHW: [batch, channels, height, width],
      NHWC: [batch, height, width, channels],
      NHW: [batch, height, width],
      flat: [batch, height * width],
    };
    const data =
      dtype === 'uint8'
        ? Uint8Array.from(padded, Math.round)
        : dtype === 'float64'
          ? Float64Array.from(padded)
          : padded;
    return { dtype, shape: shapes[layout], data };
  }
}
