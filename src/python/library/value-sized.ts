/** PyTorch's functions whose result is as large as the values say: how large only running the file would show. */
import { PyTuple, TensorValue, unknown } from '../interpret/values';
import { someOf } from './derived';
import type { Body } from './native';

/** These functions, by how they are called. */
export const valueSized: Readonly<Record<string, Body>> = {
  'nonzero(self, as_tuple)': (args, interpreter) => {
    const self = args.get('self');
    if (!(self instanceof TensorValue)) return unknown;
    const count = interpreter.symbols.fresh('N');
    if (args.get('as_tuple') === true || self.isArray)
      return new PyTuple(self.dims.map(() => new TensorValue([count], 'int64', { array: self.isArray })));
    return new TensorValue([count, self.dims.length], 'int64');
  },
  'argwhere(self)': (args, interpreter) => {
    const self = args.get('self');
    return self instanceof TensorValue
      ? new TensorValue([interpreter.symbols.fresh('N'), self.dims.length], 'int64', { array: self.isArray })
      : unknown;
  },
  'masked_select(self, mask)': (args, interpreter) => {
    const self = args.get('self');
    return self instanceof TensorValue ? someOf(interpreter, [], self) : unknown;
  },
  'unique(self, sorted, return_inverse, return_counts, dim)': (args, interpreter) => {
    const self = args.get('self');
    if (!(self instanceof TensorValue) || args.get('dim') !== undefined) return unknown;
    const values = someOf(interpreter, [], self);
    const counts = new TensorValue(values.dims, 'int64', { array: self.isArray });
    const inverse = new TensorValue(self.dims, 'int64', { array: self.isArray });
    const parts = [values];
    if (args.get('return_inverse') === true) parts.push(inverse);
    if (args.get('return_counts') === true) parts.push(counts);
    return parts.length === 1 ? values : new PyTuple(parts);
  },
  'bincount(self, weights, minlength)': (args, interpreter) =>
    new TensorValue([interpreter.symbols.fresh('N')], 'int64', {
      array: args.get('self') instanceof TensorValue && (args.get('self') as TensorValue).isArray,
    }),
};
