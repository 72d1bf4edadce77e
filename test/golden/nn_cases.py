"""Modules and losses: what they compute, what they keep, what they print."""
import json
import zlib
from collections import OrderedDict

import torch
from recorder import FOLDER, chain_of, encode, encode_tensor
from torch import nn

# A module is described as [kind, arguments, options]; those of a Sequential are modules.
MODULES = [
    (["Linear", [3, 4]], (5, 3)),
    (["Linear", [3, 4], {"bias": False}], (5, 3)),
    (["Linear", [3, 1]], (2, 4, 3)),
    (["Linear", [2, 3]], (2, 2, 2, 2)),
    (["Linear", [4, 2]], (4,)),
    (["Linear", [4, 2], {"bias": False}], (3, 2, 4)),
    (["ReLU", []], (2, 3)),
    (["Sigmoid", []], (2, 3)),
    (["Tanh", []], (2, 3)),
    (["Softmax", [1]], (2, 3)),
    (["Softmax", [-1]], (2, 3, 4)),
    (["LogSoftmax", [1]], (2, 3)),
    (["LogSoftmax", [0]], (2, 3)),
    (["Flatten", []], (2, 3, 4)),
    (["Flatten", [0, 1]], (2, 3, 4)),
    (["Flatten", [2]], (2, 3, 4, 5)),
    (["Dropout", []], (2, 3)),
    (["Dropout", [0.25]], (2, 3)),
    (["BatchNorm1d", [3]], (5, 3)),
    (["BatchNorm1d", [3]], (2, 3, 4)),
    (["BatchNorm1d", [3], {"eps": 0.001, "momentum": 0.5}], (5, 3)),
    (["BatchNorm1d", [3], {"affine": False}], (5, 3)),
    (["LayerNorm", [4]], (3, 4)),
    (["LayerNorm", [[3, 4]]], (2, 3, 4)),
    (["LayerNorm", [4], {"eps": 0.01}], (2, 3, 4)),
    (["LayerNorm", [4], {"elementwise_affine": False}], (3, 4)),
    (["Sequential", []], (2, 3)),
    (["Sequential", [["Linear", [4, 3]], ["ReLU", []], ["Linear", [3, 2]]]], (5, 4)),
    (["Sequential", [["Flatten", []], ["Linear", [4, 3], {"bias": False}], ["BatchNorm1d", [3]], ["Tanh", []], ["Dropout", [0.5]], ["Linear", [3, 2]], ["LogSoftmax", [1]]]], (5, 2, 2)),
    (["Sequential", {"hidden": ["Sequential", [["Linear", [4, 3]], ["Sigmoid", []]]], "norm": ["LayerNorm", [3]], "out": ["Linear", [3, 2]]}], (5, 4)),
]  # fmt: skip

LOSSES = [
    ("CrossEntropyLoss", "labels", [{}, {"reduction": "sum"}, {"reduction": "none"}, {"ignore_index": 1}, {"label_smoothing": 0.1}, {"weight": [0.5, 1.0, 2.0]}, {"weight": [0.5, 1.0, 2.0], "ignore_index": 0, "reduction": "sum"}, {"weight": [1.0, 2.0, 0.5], "label_smoothing": 0.2}]),
    ("NLLLoss", "labels", [{}, {"reduction": "sum"}, {"reduction": "none"}, {"ignore_index": 1}, {"weight": [0.5, 1.0, 2.0]}]),
    ("MSELoss", "numbers", [{}, {"reduction": "sum"}, {"reduction": "none"}]),
    ("L1Loss", "numbers", [{}, {"reduction": "sum"}, {"reduction": "none"}]),
    ("SmoothL1Loss", "numbers", [{}, {"reduction": "sum"}, {"beta": 0.3, "reduction": "none"}]),
    ("HuberLoss", "numbers", [{}, {"reduction": "sum"}, {"delta": 0.3, "reduction": "none"}]),
    ("KLDivLoss", "unit", [{"reduction": "batchmean"}, {"reduction": "sum"}, {"log_target": True, "reduction": "none"}]),
    ("BCELoss", "unit", [{}, {"reduction": "sum"}, {"reduction": "none"}, {"weight": [0.5, 1.0, 2.0]}]),
    ("BCEWithLogitsLoss", "unit", [{}, {"reduction": "sum"}, {"reduction": "none"}, {"weight": [0.5, 1.0, 2.0]}]),
    ("HingeEmbeddingLoss", "signs", [{}, {"margin": 0.5, "reduction": "sum"}]),
    ("SoftMarginLoss", "signs", [{}, {"reduction": "none"}]),
    ("MultiLabelSoftMarginLoss", "unit", [{}, {"weight": [0.5, 1.5, 2.0], "reduction": "sum"}]),
    ("PoissonNLLLoss", "unit", [{}, {"full": True}, {"log_input": False, "reduction": "none"}]),
    ("MarginRankingLoss", "pairs of signs", [{}, {"margin": 0.5, "reduction": "sum"}]),
    ("CosineEmbeddingLoss", "rows of signs", [{}, {"margin": 0.2, "reduction": "none"}]),
    ("TripletMarginLoss", "triplet", [{}, {"margin": 0.5, "p": 1.0, "swap": True, "reduction": "sum"}]),
]  # fmt: skip


def build(spec):
    kind, args, options = (*spec, {})[:3]
    if kind == "Sequential":
        if isinstance(args, dict):
            return nn.Sequential(OrderedDict((name, build(child)) for name, child in args.items()))
        return nn.Sequential(*(build(child) for child in args))
    return getattr(nn, kind)(*args, **options)


def numbers(generator, *shape):
    return (torch.randn(shape, generator=generator) * 100).round() / 100


def randomise(module, generator):
    """Numbers with few digits in all parameters and buffers."""
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point():
            drawn = numbers(generator, *tensor.shape)
            tensor.copy_(drawn.abs() + 0.5 if "running_var" in name else drawn)


def state_of(module):
    return [[name, encode_tensor(tensor)] for name, tensor in module.state_dict().items()]


def module_case(spec, shape, training):
    generator = torch.Generator().manual_seed(zlib.crc32(f"{spec} {shape}".encode()))
    module = build(spec).train(training)
    randomise(module, generator)
    x = numbers(generator, *shape).requires_grad_()
    case = {"module": spec, "training": training, "repr": repr(module), "state": state_of(module), "input": encode_tensor(x)}
    output = module(x)
    case["output"] = encode_tensor(output)
    case["chain"] = chain_of(output, [x, *module.parameters()])
    upstream = numbers(generator, *output.shape)
    output.backward(upstream)
    case["upstream"] = encode_tensor(upstream)
    case["grads"] = [["input", encode_tensor(x.grad)]]
    case["grads"] += [[name, encode_tensor(parameter.grad)] for name, parameter in module.named_parameters()]
    case["after"] = state_of(module)
    return case


def loss_case(kind, target_kind, options):
    generator = torch.Generator().manual_seed(zlib.crc32(f"{kind} {options}".encode()))
    x = numbers(generator, 4, 3)
    x = (x.sigmoid() if kind == "BCELoss" else x).requires_grad_()
    target = numbers(generator, 4, 3)
    if target_kind == "unit":
        target = target.sigmoid()
    others = []
    if target_kind.endswith("signs"):
        target = torch.where(target > 0, 1.0, -1.0)
    if target_kind == "rows of signs":
        target = target[:, 0]
    if target_kind.endswith("of signs") or target_kind == "triplet":
        others = [numbers(generator, 4, 3)]
    if target_kind == "labels":
        target = torch.randint(3, (4,), generator=generator)
    tensors = {name: torch.tensor(value) if name == "weight" else value for name, value in options.items()}
    loss = getattr(nn, kind)(**tensors)
    output = loss(x, *others, target)
    upstream = numbers(generator, *output.shape)
    output.backward(upstream)
    return {
        "loss": kind,
        "options": {name: encode(value) for name, value in options.items()},
        "input": encode_tensor(x),
        **({"others": [encode_tensor(other) for other in others]} if others else {}),
        "target": encode_tensor(target),
        "output": encode_tensor(output),
        "upstream": encode_tensor(upstream),
        "grad": encode_tensor(x.grad),
    }


def write_lines(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(cases)} cases")


def write():
    modules = []
    for spec, shape in MODULES:
        # What dropout does in training is random.
        for training in (True, False) if "Dropout" not in str(spec) else (False,):
            modules.append(module_case(spec, shape, training))
    write_lines("modules", modules)
    write_lines("loss-modules", [loss_case(kind, target, options) for kind, target, all in LOSSES for options in all])
