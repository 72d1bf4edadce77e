/** New tensors: from lists, of one number, of ranges, drawn at random, of another type or device. */
export {
  arange,
  eye,
  fromArray,
  full,
  fullLike,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './creation';
export * from './fill';
export * from './linspace';
export * from './multinomial';
export * from './one-hot';

import './new-like';

export { clone, to } from './to';
