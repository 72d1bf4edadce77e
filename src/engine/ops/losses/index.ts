/** Losses: of pairs of elements, of probabilities, of labels. */
export * from './binary-cross-entropy';
export { type GaussianOptions, gaussianNllLoss } from './gaussian';
export { crossEntropy, type NllOptions, nllLoss } from './nll-loss';
export { l1Loss, mseLoss, type PairOptions, type Reduction } from './pairwise';
export * from './robust';
