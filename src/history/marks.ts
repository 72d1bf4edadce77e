/** The moments of a run that deserve to be pointed at. */
import type { EpochLine } from './lines';

/** So much must the validation loss have risen, of its minimum, for more than chance. */
const clearRise = 0.01;

/** The element with the greatest score; of equals the first. NaN is never the greatest. */
function greatest<T>(items: readonly T[], score: (item: T) => number): T | undefined {
  let best: T | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    if (score(item) > most) {
      best = item;
      most = score(item);
    }
  }
  return best;
}

/** The epoch with the best validation accuracy or, without validation, the lowest training loss; or the one that the run named. */
export function bestEpoch(epochs: readonly EpochLine[], named?: number): EpochLine | undefined {
  return (
    epochs.find(({ epoch }) => epoch === named) ??
    greatest(epochs, ({ validationAccuracy, trainLoss }) => validationAccuracy ?? -(trainLoss ?? Number.NaN))
  );
}

/**
 * The epoch with the lowest validation loss, if overfitting begins there: in all later epochs, two at least,
 * the validation loss is clearly higher on the average, while the training loss has gone on falling.
 */
export function overfittingBegins(epochs: readonly EpochLine[]): EpochLine | undefined {
  const measured = epochs.filter(({ validationLoss }) => validationLoss !== null);
  const lowest = greatest(measured, ({ validationLoss }) => -(validationLoss ?? Number.NaN));
  if (lowest === undefined || lowest.validationLoss === null || lowest.trainLoss === null) return undefined;
  const later = measured.slice(measured.indexOf(lowest) + 1);
  const last = later.at(-1);
  if (later.length < 2 || last === undefined || last.trainLoss === null) return undefined;
  const mean = later.reduce((sum, { validationLoss }) => sum + (validationLoss ?? 0), 0) / later.length;
  const rises = mean > lowest.validationLoss * (1 + clearRise);
  return rises && last.trainLoss < lowest.trainLoss ? lowest : undefined;
}
