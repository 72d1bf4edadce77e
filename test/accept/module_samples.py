"""Writes what PyTorch makes of the samples of its own module tests, a line of JSON for each.

`module_samples.py [ENTRY ...]`: of these entries of `module_db`, such as `nn.Linear`, else of all. A line holds how the
module is made, what it is called with, its state before and after, its outputs, and the gradients of inputs and
parameters for random upstream gradients. The first line lists all entries.
"""
import inspect
import random
import sys
import zlib

import numpy
import samples  # noqa: F401  (a stand-in for what PyTorch's tests import)
import torch
from recorder import encode_number, encode_tensor
from samples import as_leaf, leaves_of, with_values, write
from torch.nn.modules.lazy import LazyModuleMixin
from torch.testing._internal.common_modules import FunctionInput, module_db

# The quantized pool is the ordinary one: the class only says that it may be quantized.
NAMES = {"ao.nn.quantized.MaxPool2d": "MaxPool2d"}
# Options that come in their order, though they may be left out.
IN_ORDER = {"alpha", "hx", "input_size", "hidden_size"}
# They choose where numbers lie, what type they have, or whether memory is reused.
MEMORY = {"device", "dtype", "inplace"}


def encode(value, tensors):
    """An argument; a tensor as its place in `tensors`, which it is added to."""
    if isinstance(value, torch.Tensor):
        tensors.append(value)
        return f"${len(tensors) - 1}"
    if isinstance(value, (list, tuple)):
        return [encode(item, tensors) for item in value]
    if callable(value):
        return value.__name__
    return value if value is None or isinstance(value, str) else encode_number(value)


def arguments_of(function, given, tensors):
    """Arguments as the engine takes them: those that must be there in order, the others by their names."""
    bound = inspect.signature(function).bind(*given.args, **given.kwargs).arguments
    bound.update(bound.pop("kwargs", {}))
    bound = {**{str(i): value for i, value in enumerate(bound.pop("args", ()))}, **bound}
    parameters = inspect.signature(function).parameters
    in_order, options = [], {}
    for name, value in bound.items():
        parameter = parameters.get(name)
        required = name.isdigit() or (parameter is not None and parameter.default is inspect.Parameter.empty)
        if required or name in IN_ORDER:
            in_order.append(encode(value, tensors))
        elif value is not None and name not in MEMORY:
            options[name] = encode(value, tensors)
    return {"args": in_order, "options": options}


def state_of(module):
    return [[name, encode_tensor(tensor)] for name, tensor in module.state_dict().items()]


def with_leaves(given):
    """The same arguments with leaves of a graph in the place of tensors."""
    values = [as_leaf(leaf) for leaf in leaves_of([given.args, given.kwargs])]
    return FunctionInput(*with_values(tuple(given.args), values), **with_values(given.kwargs, values))


def record(info, sample, training):
    kind = info.module_cls
    made, called = with_leaves(sample.constructor_input), with_leaves(sample.forward_input)
    torch.manual_seed(0)
    module = kind(*made.args, **made.kwargs)
    module.train(training)
    if isinstance(module, LazyModuleMixin):
        # Its parameters are there once it has seen an input.
        with torch.no_grad():
            module(*called.args, **called.kwargs)
    tensors = []
    line = {"module": arguments_of(kind, made, tensors), "training": training}
    line["call"] = arguments_of(module.forward, called, tensors)
    line["inputs"] = [{**encode_tensor(x), **({"grad": True} if x.requires_grad else {})} for x in tensors]
    line["state"] = state_of(module)
    outputs = [x for x in leaves_of(module(*called.args, **called.kwargs)) if x is not None]
    line["values"] = [encode_tensor(x) for x in outputs]
    line["after"] = state_of(module)
    generator = torch.Generator().manual_seed(zlib.crc32(info.name.encode()))
    roots = [x for x in outputs if x.requires_grad]
    upstream = [(torch.randn(x.shape, generator=generator) * 100).round() / 100 for x in roots]
    torch.autograd.backward(roots, upstream)
    line["upstream"] = [encode_tensor(x) for x in upstream]
    line["grads"] = [None if x.grad is None else encode_tensor(x.grad) for x in tensors]
    line["parameters"] = [[name, None if x.grad is None else encode_tensor(x.grad)] for name, x in module.named_parameters()]  # fmt: skip
    return line


def write_samples(info):
    for training in (True, False) if info.train_and_eval_differ else (True,):
        torch.manual_seed(0)
        random.seed(0)
        numpy.random.seed(0)
        options = {"device": "cpu", "dtype": torch.float32, "requires_grad": True, "training": training}
        for number, sample in enumerate(info.module_inputs_func(info, **options)):
            name = info.name.removeprefix("nn.")
            line = {"entry": info.name, "kind": NAMES.get(name, name), "sample": number, "training": training}
            try:
                line |= record(info, sample, training)
            except Exception as error:  # noqa: BLE001
                line["skipped"] = f"PyTorch: {str(error).splitlines()[0]}"
            write(line)


def main(names):
    write({"entries": [info.name for info in module_db], "version": torch.__version__})
    for info in module_db:
        if not names or info.name in names:
            write_samples(info)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
