/** Losses: of pairs of elements, of probabilities, of labels. */
export * from './binary-cross-entropy';
export { type GaussianOptions, gaussianNllLoss } from './gaussian';
export {
  cosineEmbeddingLoss,
  type DistanceOptions,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultilabelOptions,
  marginRankingLoss,
  multilabelSoftMarginLoss,
  type PoissonOptions,
  pairwiseDistance,
  poissonNllLoss,
  type TripletOptions,
  tripletMarginLoss,
} from './margins';
export { crossEntropy, type NllOptions, nllLoss } from './nll-loss';
export { l1Loss, mseLoss, type PairOptions, type Reduction } from './pairwise';
export * from './robust';
export { softMarginLoss } from './soft-margin';
