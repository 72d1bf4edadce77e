"""Attention to keys and values that have a size of their own."""
from nn_cases import build, numbers, randomise, state_of, write_lines
from recorder import encode_tensor

import torch

SIZES = [
    ({"kdim": 3, "vdim": 5}, (3, 5)),
    ({"kdim": 6, "bias": False, "batch_first": True}, (6, 4)),
]


def record(options, sizes, generator):
    spec = ["MultiheadAttention", [4, 2], options]
    module = build(spec)
    randomise(module, generator)
    inputs = [numbers(generator, 3, 3, size).requires_grad_() for size in (4, *sizes)]
    output, weights = module(*inputs)
    upstream = numbers(generator, *output.shape)
    output.backward(upstream)
    return {
        "module": spec,
        "state": state_of(module),
        "inputs": [encode_tensor(x) for x in inputs],
        "output": encode_tensor(output),
        "weights": encode_tensor(weights),
        "upstream": encode_tensor(upstream),
        "grads": [encode_tensor(x.grad) for x in (*inputs, *module.parameters())],
    }


def write():
    generator = torch.Generator().manual_seed(0)
    write_lines("attention", [record(options, sizes, generator) for options, sizes in SIZES])
