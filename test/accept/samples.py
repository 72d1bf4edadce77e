"""Writes what PyTorch makes of the samples of its own operator tests, a line of JSON for each.

`samples.py [ENTRY ...]`: of these entries of `op_db`, else of all. The form of a line is that of the golden files
(test/golden/recorder.py), with the entry's name, the number of the sample and the entry's own tolerance beside it.
The first line lists all entries.
"""
import json
import random
import sys
import types
import unittest
import warnings
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
# PyTorch's tests import it for its TestCase alone; Debian has no such package.
sys.modules["expecttest"] = types.SimpleNamespace(TestCase=unittest.TestCase, ACCEPT=False)
warnings.filterwarnings("ignore")

import numpy  # noqa: E402
import torch  # noqa: E402
from recorder import CURRENT, Group, Program, dtype_name, encode, encode_tensor  # noqa: E402
from torch.testing._internal.common_device_type import toleranceOverride  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

DTYPES = (torch.float32, torch.float64, torch.int64, torch.bool)
# What the engine has.
KNOWN = ("float32", "float64", "int64", "int32", "uint8", "bool")
# They choose where and how numbers lie in memory, never which.
MEMORY = ("device", "requires_grad", "memory_format", "layout", "pin_memory", "non_blocking", "copy")
# Their results are drawn by lot.
RANDOM = {"bernoulli", "normal", "empty", "empty_like", "new_empty", "multinomial", "nn.functional.dropout", "nn.functional.dropout2d", "nn.functional.dropout3d", "nn.functional.alpha_dropout", "rand_like", "randn", "randn_like", "randint", "randint_like", "nn.functional._scaled_dot_product_attention"}  # fmt: skip
# Python's operators, and what is spelled otherwise.
# `unfold` of a tensor is another function than that of images.
CALLS = {"unfold": "tensor_unfold", "__getitem__": "index", "__radd__": "add", "__rmul__": "mul", "__rsub__": "rsub", "__rmatmul__": "rmatmul", "__rpow__": "rpow", "__rmod__": "rmod", "__rdiv__": "rdiv", "__rand__": "bitwise_and", "__ror__": "bitwise_or", "__rxor__": "bitwise_xor"}


def call_name(op):
    """What the engine is asked to do: `conv2d` for `nn.functional.conv2d`, `linalg_norm` for `linalg.norm`."""
    return CALLS.get(op.name, op.name.removeprefix("nn.functional.").replace(".", "_"))


def tolerance(op, dtype):
    """The largest [relative, absolute] tolerance that the entry allows in one of its tests; None where it has none."""
    found = [
        decorator.d[dtype]
        for info in op.decorators
        for decorator in getattr(info, "decorators", [info])
        if isinstance(decorator, toleranceOverride) and dtype in decorator.d
    ]
    return [max(tol.rtol for tol in found), max(tol.atol for tol in found)] if found else None


def leaves_of(value):
    """The tensors in nested arguments, in their order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves_of(item)]
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves_of(item)]
    return []


def with_values(value, values):
    """The same arguments with recorded values in the place of tensors, taken from the front of `values`."""
    if isinstance(value, torch.Tensor):
        return values.pop(0)
    if isinstance(value, (list, tuple)):
        return type(value)(with_values(item, values) for item in value)
    if isinstance(value, dict):
        return {key: with_values(item, values) for key, item in value.items()}
    return value


def as_leaf(tensor):
    leaf = tensor.detach().clone(memory_format=torch.contiguous_format)
    return leaf.requires_grad_(tensor.requires_grad)


def as_items(index):
    """What stands between the brackets of `x[...]`, lists of numbers as tensors."""
    if not isinstance(index, (list, tuple)) or all(isinstance(item, int) for item in index):
        index = (index,)
    return tuple(torch.tensor(item) if isinstance(item, list) else item for item in index)


def as_numbers(value):
    """True and False as numbers, which is what they are where a number is asked for."""
    return int(value) if isinstance(value, bool) else value


# The places of arguments that are numbers, and the options.
NUMBERS = {"index_fill": 3, "masked_fill": 2, "full_like": 1, "new_full": 2, "fill": 1}


def arguments_of(op, sample):
    """The arguments as the engine takes them."""
    arguments, options = [sample.input, *sample.args], dict(sample.kwargs)
    if op.name == "__getitem__":
        arguments[1] = as_items(arguments[1])
    if op.name == "where":
        arguments[:2] = reversed(arguments[:2])
    if op.name == "nn.functional.embedding":
        arguments[:2] = reversed(arguments[:2])
    if op.name == "einsum":
        arguments = [arguments[1], *arguments[0]]
    if op.name in NUMBERS:
        arguments = [as_numbers(x) if i == NUMBERS[op.name] else x for i, x in enumerate(arguments)]
    for key in ("value", "alpha", "beta"):
        if key in options:
            options[key] = as_numbers(options[key])
    return arguments, {key: value for key, value in options.items() if key not in MEMORY}


def record(op, dtype, sample, in_place):
    arguments, options = arguments_of(op, sample)
    leaves = [as_leaf(leaf) for leaf in leaves_of([arguments, options])]
    unknown = next((leaf.dtype for leaf in leaves if dtype_name(leaf.dtype) not in KNOWN), None)
    if unknown is not None:
        return {"skipped": f"a tensor of {dtype_name(unknown)}"}
    program = Program(leaves)
    values = list(program.inputs)
    given, given_options = with_values(arguments, values), with_values(options, values)
    name, function = call_name(op), op.op
    if in_place or op.name.endswith("_"):
        given[0] = program.call("clone", (given[0],), {})
    if in_place:
        name, function = f"{name}_", op.inplace_variant
    if op.name == "__getitem__":
        function = lambda self, items: self[items]  # noqa: E731
    function = {"where": torch.where, "nn.functional.embedding": torch.nn.functional.embedding, "einsum": torch.einsum}.get(op.name, function)
    line = {"inputs": [{**encode_tensor(x), **({"grad": True} if x.requires_grad else {})} for x in leaves], "steps": program.steps}  # fmt: skip
    CURRENT.append(program)
    result = program.call(name, given, given_options, function)
    CURRENT.pop()
    outputs = result if isinstance(result, tuple) else (result,)
    if not all(isinstance(output._tensor, torch.Tensor) for output in outputs):
        return {**line, "returns": encode(outputs[0]._tensor)}
    for output in outputs:
        # The engine has no complex numbers: it gives their parts in a last dimension of 2.
        output._tensor = torch.view_as_real(output._tensor) if output._tensor.is_complex() else output._tensor
        if dtype_name(output._tensor.dtype) not in KNOWN:
            return {"skipped": f"gives {dtype_name(output._tensor.dtype)}"}
    generator = torch.Generator().manual_seed(zlib.crc32(op.name.encode()))
    line["outputs"] = [encode(output) for output in outputs]
    return line | Group.results(leaves, [output._tensor for output in outputs], True, generator)


def entry_name(op):
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


def write(line):
    print(json.dumps(line, separators=(",", ":"), allow_nan=False))


def samples_of(op, dtype):
    torch.manual_seed(0)
    random.seed(0)
    numpy.random.seed(0)
    supported = op.supported_dtypes("cpu")
    if dtype not in supported:
        return []
    return list(op.sample_inputs("cpu", dtype, requires_grad=dtype.is_floating_point and op.supports_autograd))


def has_in_place(op):
    return op.inplace_variant is not None and not op.name.endswith("_")


def write_samples(op):
    for dtype in DTYPES:
        for number, sample in enumerate(samples_of(op, dtype)):
            for in_place in (False, True) if has_in_place(op) and dtype == torch.float32 else (False,):
                line = {"entry": entry_name(op), "dtype": dtype_name(dtype), "sample": number, "inPlace": in_place}
                line |= {"tolerance": tolerance(op, dtype), "random": op.name in RANDOM}
                try:
                    line |= record(op, dtype, sample, in_place)
                except Exception as error:  # noqa: BLE001
                    # In place a result may not fit; elsewhere the sample is one that only another device takes.
                    if in_place:
                        continue
                    line = {**line, "skipped": f"PyTorch: {str(error).splitlines()[0]}"}
                write(line)


def main(names):
    write({"entries": [entry_name(op) for op in op_db], "version": torch.__version__})
    for op in op_db:
        if not names or op.name in names:
            write_samples(op)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
