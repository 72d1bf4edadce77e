/** Functions that work element by element: arithmetic, rounding, comparison, choice, exponentials, angles. */
export { add, maximum, minimum, mul, pow, rsub, sub } from './arithmetic';
export * from './bits';
export * from './blending';
export * from './clamp';
export * from './comparison';
export * from './degrees';
export {
  divide,
  divide as div,
  floorDivide,
  fmod,
  type Rounding,
  remainder,
  trueDivide,
} from './division';
export { erf, erfc } from './error-function';
export * from './exponential';
export * from './finiteness';
export * from './float-power';
export * from './hyperbolic';
export * from './logit';
export * from './past-nan';
export * from './reflected';
export { maskedFill, where } from './selection';
export * from './signs';
export * from './trigonometry';
export * from './unary';
