"""Gradients that are clipped, as `torch.nn.utils` does it."""
import torch
from nn_cases import numbers, write_lines
from recorder import encode_number, encode_tensor
from torch.nn import utils


def case(kind, *arguments):
    generator = torch.Generator().manual_seed(1)
    parameters = [numbers(generator, *shape).requires_grad_() for shape in ((2, 3), (4,), ())]
    sum((parameter * numbers(generator, *parameter.shape)).sum() for parameter in parameters).backward()
    before = [encode_tensor(parameter.grad) for parameter in parameters]
    result = getattr(utils, kind)(parameters, *arguments)
    return {
        "kind": kind,
        "arguments": [encode_number(float(argument)) for argument in arguments],
        "before": before,
        "after": [encode_tensor(parameter.grad) for parameter in parameters],
        "result": None if result is None else encode_tensor(result),
    }


def write():
    norms = [case("clip_grad_norm_", *arguments) for arguments in ((1.0,), (100.0,), (0.5, 1.0), (0.5, 3.0), (0.5, float("inf")))]
    write_lines("clipping", [*norms, case("clip_grad_value_", 0.5)])
