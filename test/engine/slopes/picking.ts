/** Functions that use the operations which pick elements and put them elsewhere. */
import type fc from 'fast-check';
import { randint, type Tensor, tensor, zeros } from '../../../src/engine';
import { along, generator, type Subject, sizes, unary } from './support';

/** By the name of the operation. */
export const picking: Record<string, fc.Arbitrary<Subject>> = {
  pick: along((x, dim) => x.median(dim).values.add(x.kthvalue(1, dim).values), 'apart'),
  pick_flat: unary(x => x.median(), 'apart'),
  masked_select: along(
    x =>
      x
        .maskedSelect(x.detach().gt(0))
        .sum()
        .add(x.index([x.detach().lt(0)]).sum()),
    'apart',
  ),
  masked_fill_tensor: along((x, dim) => x.maskedFill(x.detach().gt(0), x.select(dim, 0).sum()), 'apart'),
  index_put: sizes.map(([n, m, k]) => {
    const [rows, columns] = [randint(-n, n, [2, 1], { generator }), randint(0, k, [3], { generator })];
    const f = (x: Tensor, v: Tensor) => {
      const whole = x.mul(2);
      whole.indexPut_([rows, ':', columns], v, true);
      whole.indexPut_([tensor([0])], v.index([0, 0]).unsqueeze(1));
      return whole;
    };
    return {
      shapes: [
        [n, m, k],
        [2, 3, m],
      ],
      f: (x, v) => f(x ?? zeros([]), v ?? zeros([])),
    };
  }),
};
