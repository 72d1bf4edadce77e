/** Functions that use the operations which pick elements and put them elsewhere. */
import type fc from 'fast-check';
import { along, type Subject, unary } from './support';

/** By the name of the operation. */
export const picking: Record<string, fc.Arbitrary<Subject>> = {
  pick: along((x, dim) => x.median(dim).values.add(x.kthvalue(1, dim).values), 'apart'),
  pick_flat: unary(x => x.median(), 'apart'),
};
