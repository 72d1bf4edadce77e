/** Convolutions, and the patches of an image that they see. */
export {
  type ConvolutionPadding,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from './convolution';
export * from './unfold';
