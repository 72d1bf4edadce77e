"""Records what PyTorch does with a few tensors, so that the engine can be asked to do the same.

A case is an ordinary function of tensors, `lambda a, b: a.add(b, alpha=2)`. It is called with stand-ins that
pass every call on to PyTorch and write it down, as `["add", ["$0", "$1"], {"alpha": 2}]`. What comes out, the
gradients for a random upstream gradient and the chain of grad_fn's are written beside it.
"""
import json
import math
import zlib
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

FOLDER = Path(__file__).parent


def dtype_name(dtype):
    return str(dtype).removeprefix("torch.")


def encode_number(value):
    if isinstance(value, (bool, int)):
        return value
    if math.isfinite(value):
        return int(value) if value.is_integer() and not (value == 0 and math.copysign(1, value) < 0) else value
    return {"number": str(value).replace("inf", "Infinity").replace("nan", "NaN")}


def encode_data(tensor):
    """The elements, each with as few digits as tell it from its neighbours; text where JSON has no number."""
    numbers = tensor.detach().numpy().reshape(-1)
    if numbers.dtype == numpy.bool_:
        return [int(x) for x in numbers]
    if not tensor.is_floating_point():
        return [int(x) for x in numbers]
    encoded = []
    for x in numbers:
        number = float(repr(x)) if numbers.dtype == numpy.float32 else float(x)
        encoded.append(encode_number(number) if math.isfinite(number) else encode_number(number)["number"])
    return encoded


def encode_tensor(tensor):
    return {"dtype": dtype_name(tensor.dtype), "shape": list(tensor.shape), "data": encode_data(tensor)}


class Value:
    """Stands for a tensor in a case: passes calls on to PyTorch and records them."""

    def __init__(self, program, number, tensor):
        self._program = program
        self._number = number
        self._tensor = tensor

    def __getattr__(self, name):
        return lambda *args, **kwargs: self._program.call(name, (self, *args), kwargs)

    def __getitem__(self, items):
        items = items if isinstance(items, tuple) else (items,)
        return self._program.call("index", (self, items), {})

    def __setitem__(self, items, value):
        items = items if isinstance(items, tuple) else (items,)
        self._program.call("index_put_", (self, items, value), {})


def unwrap(value):
    if isinstance(value, Value):
        return value._tensor
    if isinstance(value, (list, tuple)):
        return type(value)(unwrap(item) for item in value)
    return value


def encode(value):
    if isinstance(value, Value):
        return f"${value._number}"
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return "..."
    if isinstance(value, torch.dtype):
        return dtype_name(value)
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value if value is None or isinstance(value, str) else encode_number(value)


class Program:
    """The calls of a case in their order."""

    def __init__(self, tensors):
        self.count = 0
        self.steps = []
        self.inputs = [self.wrap(tensor) for tensor in tensors]

    def wrap(self, tensor):
        self.count += 1
        return Value(self, self.count - 1, tensor)

    def call(self, name, args, kwargs, function=None):
        """Calls PyTorch's function of that name, or the one that is given, and writes the call down."""
        step = [name, encode(args), {key: encode(value) for key, value in kwargs.items()}]
        self.steps.append(step if kwargs else step[:2])
        if function is None:
            function = next(getattr(owner, name) for owner in (OWN, torch.Tensor, F, torch, torch._C._linalg) if hasattr(owner, name))
        result = function(*unwrap(args), **{key: unwrap(value) for key, value in kwargs.items()})
        several = isinstance(result, (tuple, list))
        values = tuple(self.wrap(item) for item in (result if several else (result,)))
        return values if several else values[0]


def without_none(options):
    """`ignore_index=None` tells the engine that no label is to be ignored; PyTorch has no word for that."""
    return {name: value for name, value in options.items() if value is not None}


class OWN:
    """Spelled differently in PyTorch."""

    @staticmethod
    def grad(output, inputs, upstream):
        """The gradients of `output`, themselves part of the graph."""
        return torch.autograd.grad(output, inputs, upstream, create_graph=True)

    where = staticmethod(torch.where)
    silu_ = staticmethod(torch._C._nn.silu_)
    mish_ = staticmethod(torch._C._nn.mish_)
    hardsigmoid_ = staticmethod(torch._C._nn.hardsigmoid_)

    @staticmethod
    def T(self):
        """A property in PyTorch."""
        return self.T

    @staticmethod
    def dropout_(self, p, training):
        return F.dropout(self, p, training, inplace=True)

    @staticmethod
    def dropout2d_(self, p, training):
        return F.dropout2d(self, p, training, inplace=True)

    rpow = staticmethod(torch.Tensor.__rpow__)
    rmod = staticmethod(torch.Tensor.__rmod__)
    rdiv = staticmethod(torch.Tensor.__rdiv__)
    rmatmul = staticmethod(torch.Tensor.__rmatmul__)

    @staticmethod
    def linalg_eigvals(self):
        return torch.view_as_real(torch.linalg.eigvals(self))
    repeat_interleave = staticmethod(torch.repeat_interleave)
    unfold = staticmethod(F.unfold)

    @staticmethod
    def mT(self):
        """A property in PyTorch."""
        return self.mT

    @staticmethod
    def nll_loss(*args, **kwargs):
        return F.nll_loss(*args, **without_none(kwargs))

    @staticmethod
    def cross_entropy(*args, **kwargs):
        return F.cross_entropy(*args, **without_none(kwargs))

    @staticmethod
    def index(self, items):
        return self[items[0] if len(items) == 1 else items]

    @staticmethod
    def slice(self, *args):
        return torch.ops.aten.slice.Tensor(self, *args)

    @staticmethod
    def index_put_(self, items, value, accumulate=False):
        if accumulate:
            return self.index_put_(items, value, accumulate=True)
        self[items[0] if len(items) == 1 else items] = value
        return self


class Functions:
    """`t.cat([a, b])` records a call of `torch.cat`."""

    def __getattr__(self, name):
        def call(*args, **kwargs):
            return CURRENT[-1].call(name, args, kwargs)

        return call


CURRENT = []
t = Functions()


def chain_of(tensor, inputs):
    """The chain of grad_fn's below a tensor: a name with its next functions, `^n` for the n-th once more."""
    seen = []

    def visit(node):
        if node is None:
            return "None"
        for number, other in enumerate(seen):
            if other is node:
                return f"^{number}"
        seen.append(node)
        name = type(node).__name__
        if name == "AccumulateGrad":
            number = next(i for i, x in enumerate(inputs) if x is node.variable)
            return f"AccumulateGrad[{number}]"
        return f"{name}({','.join(visit(n) for n, _ in node.next_functions)})"

    return visit(tensor.grad_fn)


class Spec:
    """How to make an input."""

    def __init__(self, dtype, shape, kind="normal", requires_grad=None, literal=None):
        self.dtype = dtype
        self.shape = shape
        self.kind = kind
        self.requires_grad = dtype.is_floating_point if requires_grad is None else requires_grad
        self.literal = literal

    def __repr__(self):
        return f"{dtype_name(self.dtype)}{list(self.shape)}{self.kind}"

    def make(self, generator):
        return self.numbers(generator).requires_grad_(self.requires_grad)

    def numbers(self, generator):
        if self.literal is not None:
            return torch.tensor(self.literal, dtype=self.dtype)
        if self.kind.startswith("below"):
            return torch.randint(int(self.kind[5:]), self.shape, generator=generator).to(self.dtype)
        if self.dtype == torch.bool:
            return torch.rand(self.shape, generator=generator) < 0.5
        if not self.dtype.is_floating_point:
            low = 0 if self.dtype == torch.uint8 else -5
            return torch.randint(low, 6, self.shape, generator=generator).to(self.dtype)
        numbers = torch.randn(self.shape, generator=generator, dtype=torch.float64)
        if self.kind == "positive":
            numbers = numbers.abs() + 0.1
        if self.kind == "unit":
            numbers = numbers.sigmoid()
        if self.kind == "large":
            numbers = numbers * 50
        return (numbers * 100).round().div(100).to(self.dtype)


def maker(dtype, **options):
    return lambda *shape, **more: Spec(dtype, shape, **{**options, **more})


f32, f64, i64, i32 = maker(torch.float32), maker(torch.float64), maker(torch.int64), maker(torch.int32)
u8, bools = maker(torch.uint8), maker(torch.bool)
positive = maker(torch.float32, kind="positive")
unit = maker(torch.float32, kind="unit")
const = maker(torch.float32, requires_grad=False)
DTYPES = [torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool]


def labels(classes, *shape):
    return Spec(torch.int64, shape, kind=f"below{classes}")


def lit(values, dtype=torch.float32, **options):
    return Spec(dtype, torch.tensor(values).shape, kind=str(values), literal=values, **options)


class Group:
    """The cases of one file of test/golden/programs, all of which the tests run."""

    def __init__(self, name):
        self.name = name
        self.cases = []

    def case(self, function, *specs, chain=True):
        """Records one case. `chain=False`: the graph below the output is not PyTorch's (a gradient's is not)."""
        generator = torch.Generator().manual_seed(zlib.crc32(f"{self.name} {specs}".encode()))
        tensors = [spec.make(generator) for spec in specs]
        described = [{**encode_tensor(x), **({"grad": True} if x.requires_grad else {})} for x in tensors]
        program = Program(tensors)
        CURRENT.append(program)
        record = {"inputs": described, "steps": program.steps}
        try:
            result = function(*program.inputs)
            outputs = list(result) if isinstance(result, (tuple, list)) else [result]
            record["outputs"] = [encode(output) for output in outputs]
            record |= self.results(tensors, [output._tensor for output in outputs], chain, generator)
        except (RuntimeError, IndexError, ValueError, TypeError) as error:
            record["error"] = str(error).split("\n")[0]
        CURRENT.pop()
        self.cases.append(record)

    @staticmethod
    def results(inputs, outputs, chain, generator):
        record = {"values": [encode_tensor(output) for output in outputs]}
        if chain:
            record["chains"] = [chain_of(output, inputs) for output in outputs]
        roots = [output for output in outputs if output.requires_grad]
        if roots:
            upstream = [
                (torch.randn(root.shape, generator=generator) * 100).round().div(100).to(root.dtype)
                for root in roots
            ]
            torch.autograd.backward(roots, upstream)
            record["upstream"] = [encode_data(gradient) for gradient in upstream]
            record["grads"] = [None if x.grad is None else encode_tensor(x.grad) for x in inputs]
        return record

    def write(self):
        lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in self.cases)
        (FOLDER / "programs" / f"{self.name}.json").write_text(f"[\n{lines}\n]\n")
        print(f"{self.name}: {len(self.cases)} cases")
