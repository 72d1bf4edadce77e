/** `Normalize` and `ToTensor`. */
import type { Call } from './call';
import { Settings } from './settings';
import type { Normalize, ToTensor } from './transform';
import { TransformError } from './transform-error';

/**
 * `Normalize(mean, std)`, a number for each channel or one for all; without them those of the training images are taken.
 */
export function makeNormalize(call: Call): Normalize {
  const settings = new Settings(call, ['mean', 'std', 'inplace']);
  if (!settings.has('mean') && !settings.has('std')) {
    return { kind: 'normalize', text: call.text, statistics: undefined };
  }
  const mean = settings.numbers('mean', [1, 3], undefined);
  const std = settings.numbers('std', [1, 3], undefined);
  if (std.some(value => value <= 0)) {
    throw new TransformError('Normalize: std evaluated to zero or less, leading to division by zero');
  }
  return { kind: 'normalize', text: call.text, statistics: { mean, std } };
}

/** `Normalize` as one writes it, with four places. */
export function normalizeText(mean: readonly number[], std: readonly number[]): string {
  const list = (values: readonly number[]) => `[${values.join(', ')}]`;
  return `Normalize(mean=${list(mean)}, std=${list(std)})`;
}

/** `ToTensor()`. */
export function makeToTensor(call: Call): ToTensor {
  new Settings(call, []);
  return { kind: 'to-tensor', text: call.text };
}
