/** Functions that use linear algebra, at matrices that are far from singular. */
import type fc from 'fast-check';
import { eye, linalg, type Tensor, zeros } from '../../../src/engine';
import { type Subject, sizes } from './support';

/** A function of a square matrix with a dominant diagonal. */
const square = (f: (a: Tensor) => Tensor) =>
  sizes.map(
    ([n, s]): Subject => ({
      shapes: [[s, n, n]],
      ranges: ['unit'],
      f: x => f((x ?? zeros([])).add(eye(n, undefined, { dtype: 'float64' }).mul(2))),
    }),
  );

/** By the name of the operation. */
export const linearAlgebra: Record<string, fc.Arbitrary<Subject>> = {
  linalg_inv: square(a => linalg.inv(a)),
  linalg_det: square(a => linalg.det(a)),
  linalg_cofactor: square(a => linalg.det(a).mul(a.sum([-1, -2]))),
  linalg_solve: square(a => linalg.solve(a, a.narrow(-1, 0, 1).exp())),
  linalg_solve_vector: square(a => linalg.solve(a, a.select(-1, 0).exp())),
  linalg_pinv: sizes.map(
    ([n, m]): Subject => ({
      shapes: [[n, m]],
      ranges: ['apart'],
      f: x => {
        const a = x ?? zeros([]);
        const long = Math.max(n, m);
        return linalg.pinv(a.add(eye(n, m, { dtype: 'float64' }).mul(long * 3)));
      },
    }),
  ),
};
