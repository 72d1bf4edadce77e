/** Which of PyTorch's functions Python's operators on tensors are. */

/** `tensor op other`. */
export const operatorFunctions: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '@': 'matmul',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
  '<>': 'ne',
};

/** `number op tensor`, as a function of the tensor and the number: the operands exchanged, or one of its own. */
export const reflectedFunctions: Readonly<Record<string, string>> = {
  '+': 'add',
  '*': 'mul',
  '-': 'rsub',
  '/': 'rdiv',
  '**': 'rpow',
  '%': 'rmod',
  '<': 'gt',
  '<=': 'ge',
  '>': 'lt',
  '>=': 'le',
  '==': 'eq',
  '!=': 'ne',
};
