/**
 * In which form a module takes its samples: images as a loader of torchvision gives them, each in a row, as rows of
 * pixels; or, where its layers fit images of one size and colour alone, as images of that size.
 */
import { ops, type Tensor } from '../../engine/shapes';

/** How a batch of images is laid out: as it is, each image in a row, or as rows of pixels. */
export type InputForm = 'images' | 'flat' | 'rows';

/** The shape of an image, [channels, height, width]. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** How samples are given to a module. */
export interface SampleForm {
  readonly form: InputForm;
  /** What the images are made into before, where the module takes no others. */
  readonly as?: ImageShape | undefined;
}

/** The forms in which a module may take samples as they are, the likeliest first. */
export function plainForms(sample: readonly number[]): SampleForm[] {
  if (sample.length !== 3) return [{ form: 'images' }];
  return [{ form: 'images' }, { form: 'flat' }, ...(sample[0] === 1 ? [{ form: 'rows' } as const] : [])];
}

/** Sizes of images that networks are made for: CIFAR's, MNIST's, and those of networks for ImageNet. */
const usualSizes = [32, 28, 64, 96, 128, 224, 227, 299];

/**
 * The forms in which a module may take images of another size or colour.
 * @param seen the shape of what the file itself gives the module, which is then the one that is meant
 */
export function adaptedForms(sample: readonly number[], seen: readonly number[] | undefined): SampleForm[] {
  const [own] = sample;
  if (own === undefined || sample.length !== 3) return [];
  const [channels, height, width] = seen ?? [];
  if (channels !== undefined && height !== undefined && width !== undefined)
    return isColour(channels) ? [{ form: 'images', as: [channels, height, width] }] : [];
  const colours = own === 1 ? [1, 3] : [own, 1];
  return usualSizes.flatMap(size =>
    colours.map((colour): SampleForm => ({ form: 'images', as: [colour, size, size] })),
  );
}

/** Images have one channel or three: what has more comes out of another layer. */
const isColour = (channels: number) => channels === 1 || channels === 3;

/** The shares of red, green and blue in the grey that torchvision's `Grayscale` makes of them. */
const luma = [0.2989, 0.587, 0.114];

/** A batch of samples, as the module takes it. */
export function shaped(input: Tensor, { form, as }: SampleForm): Tensor {
  if (form === 'flat') return input.flatten(1);
  if (form === 'rows') return input.squeeze(1);
  return as === undefined ? input : resized(coloured(input, as[0]), as);
}

function coloured(images: Tensor, channels: number): Tensor {
  const [batch = 1, own, height = 1, width = 1] = images.shape;
  if (own === channels) return images;
  if (own === 1) return images.expand([batch, channels, height, width]);
  const shares = ops.tensor(luma, { dtype: 'float32', device: images.device }).reshape([1, 3, 1, 1]);
  return images.mul(shares).sum(1, true);
}

/** Larger by bilinear interpolation; smaller by the means of equal shares, so that no pixel is passed over. */
function resized(images: Tensor, [, height, width]: ImageShape): Tensor {
  const [, , fromHeight = 1, fromWidth = 1] = images.shape;
  if (fromHeight === height && fromWidth === width) return images;
  if (fromHeight > height && fromWidth > width) return ops.adaptiveAvgPool2d(images, [height, width]);
  return ops.interpolate(images, { size: [height, width], mode: 'bilinear', alignCorners: false });
}
