/** Convolutions, and the patches of an image that they see. */
export {
  type ConvolutionPadding,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
} from './convolution';
export * from './unfold';
