"""Layers that look vectors up, layers with a normalised weight, and statistics that are means of all batches."""
import torch
from nn_cases import build, numbers, randomise, state_of, write_lines
from recorder import chain_of, encode_tensor
from torch import nn

EMBEDDINGS = [
    ["Embedding", [5, 3]],
    ["Embedding", [5, 3], {"padding_idx": 2}],
    ["Embedding", [5, 3], {"padding_idx": -1, "scale_grad_by_freq": True}],
    ["Embedding", [5, 3], {"max_norm": 1.0}],
    ["Embedding", [5, 3], {"max_norm": 2.5, "norm_type": 1.0}],
]
NORMALISED = [
    (["Linear", [3, 4]], 0, (5, 3)),
    (["Linear", [3, 4], {"bias": False}], None, (5, 3)),
    (["Linear", [3, 4]], 1, (5, 3)),
    (["Linear", [3, 4]], -1, (5, 3)),
    (["Conv2d", [2, 3, 2]], 0, (2, 2, 4, 3)),
    (["Conv1d", [2, 3, 2]], 1, (2, 2, 4)),
]
# These have seen one batch before.
CUMULATIVE = [
    (["BatchNorm1d", [3], {"momentum": None}], (5, 3)),
    (["BatchNorm2d", [2], {"momentum": None, "affine": False}], (2, 2, 3, 2)),
]


def record(spec, module, x, generator, **more):
    """With an input that takes part in the gradients where it is of floating point."""
    randomise(module, generator)
    case = {"module": spec, **more, "repr": repr(module), "state": state_of(module), "input": encode_tensor(x)}
    output = module(x)
    upstream = numbers(generator, *output.shape)
    case["output"] = encode_tensor(output)
    case["chain"] = chain_of(output, [x, *module.parameters()])
    output.backward(upstream)
    grads = [["input", encode_tensor(x.grad)]] if x.requires_grad else []
    grads += [[name, encode_tensor(parameter.grad)] for name, parameter in module.named_parameters()]
    return {**case, "upstream": encode_tensor(upstream), "grads": grads, "after": state_of(module)}


def write():
    generator = torch.Generator().manual_seed(0)
    cases = [
        record(spec, build(spec), torch.randint(5, (2, 4), generator=generator), generator) for spec in EMBEDDINGS
    ]
    for spec, dim, shape in NORMALISED:
        x = numbers(generator, *shape).requires_grad_()
        cases.append(record(spec, nn.utils.weight_norm(build(spec), dim=dim), x, generator, normalised={"dim": dim}))
    for spec, shape in CUMULATIVE:
        module = build(spec)
        module(numbers(generator, *shape))
        cases.append(record(spec, module, numbers(generator, *shape).requires_grad_(), generator))
    cases.append(record(["BatchNorm1d", [3]], build(["BatchNorm1d", [3]]), torch.zeros(0, 3, 2).requires_grad_(), generator))
    write_lines("special-layers", cases)
