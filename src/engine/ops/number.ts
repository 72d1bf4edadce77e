/** A plain number in an expression, such as the 2 of `x + 2`. */

import type { DType } from '../dtype';
import type { Expr } from '../expr';
import { decodeNumber } from './kernels';
import { defineOp } from './op';

/** A number without dimensions; `value` is a string where JSON has no number for it. */
export const number = defineOp<{ value: number | string; dtype: DType }>({
  name: 'number',
  infer: (_, { dtype }) => ({ shape: [], dtype, isNumber: true }),
  lower: (graph, { attributes }) => graph.scalar(decodeNumber(attributes.value), attributes.dtype),
  kernel: (_, { value }) => [decodeNumber(value)],
});

/** The value of an expression that is a plain number. */
export function constantOf(expr: Expr | undefined): number | undefined {
  return expr?.is(number) ? decodeNumber(expr.attributes.value) : undefined;
}
