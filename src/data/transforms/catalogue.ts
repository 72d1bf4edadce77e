/** The transforms by torchvision's names, and reading them. */
import { readCalls } from './call';
import { makeRandomErasing } from './erasing';
import { makeCenterCrop, makeGrayscale, makePad, makeResize } from './fixed';
import { makeNormalize, makeToTensor } from './normalize';
import { makeRandomCrop, makeRandomHorizontalFlip, makeRandomVerticalFlip } from './random-frames';
import type { Transform, TransformMaker } from './transform';
import { TransformError } from './transform-error';
import { makeRandomAffine, makeRandomRotation } from './turning';

const MAKERS: ReadonlyMap<string, TransformMaker> = new Map<string, TransformMaker>([
  ['ToTensor', makeToTensor],
  ['Resize', makeResize],
  ['CenterCrop', makeCenterCrop],
  ['Pad', makePad],
  ['Grayscale', makeGrayscale],
  ['RandomCrop', makeRandomCrop],
  ['RandomHorizontalFlip', makeRandomHorizontalFlip],
  ['RandomVerticalFlip', makeRandomVerticalFlip],
  ['RandomRotation', makeRandomRotation],
  ['RandomAffine', makeRandomAffine],
  ['RandomErasing', makeRandomErasing],
  ['Normalize', makeNormalize],
]);

/** The names of the transforms. */
export const transformNames: readonly string[] = [...MAKERS.keys()];

/**
 * The transforms in a text, such as `RandomCrop(28, padding=4), RandomHorizontalFlip()`.
 * @throws TransformError that says what is wrong with it
 */
export function readTransforms(text: string): Transform[] {
  return readCalls(text).map(call => {
    const make = MAKERS.get(call.name);
    if (make !== undefined) return make(call);
    throw new TransformError(`expected one of ${transformNames.join(', ')}, found ${call.name}`);
  });
}
