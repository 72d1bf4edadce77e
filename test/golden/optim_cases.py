"""Ten steps of every optimizer with every option: the weights after each step, and what is kept in the end."""
import itertools

import torch
from nn_cases import numbers, write_lines
from recorder import encode_data, encode_tensor

STEPS = 10

SGD = [
    {"lr": 0.1, "momentum": momentum, "dampening": dampening, "weight_decay": decay, "nesterov": nesterov}
    for momentum, dampening, decay, nesterov in itertools.product((0, 0.9), (0, 0.5), (0, 0.01), (False, True))
    if not (nesterov and (momentum == 0 or dampening != 0))
]
ADAM = [
    {"lr": lr, "betas": betas, "eps": eps, "weight_decay": decay, "amsgrad": amsgrad}
    for (lr, betas, eps), decay, amsgrad in itertools.product(
        ((0.01, (0.9, 0.999), 1e-8), (0.1, (0.5, 0.9), 1e-8), (0.01, (0.8, 0.99), 0.1), (0.01, (0, 0.9), 1e-3)),
        (0, 0.1),
        (False, True),
    )
]
GROUPS = {
    "SGD": [{"lr": 0.1, "momentum": 0.9}, {"lr": 0.01, "weight_decay": 0.1}],
    "Adam": [{"lr": 0.1}, {"lr": 0.01, "betas": (0.5, 0.5), "weight_decay": 0.1}],
    "AdamW": [{"amsgrad": True}, {"lr": 0.02, "weight_decay": 0}],
}


def optimizer_case(kind, options, groups=None, rates=None, late=False):
    """`groups`: settings of the group of each parameter; `rates`: learning rates from a step on; `late`: the
    second parameter has no gradient in the first steps."""
    generator = torch.Generator().manual_seed(len(str(options)) + len(kind))
    initial = [numbers(generator, 3), numbers(generator, 2, 2)]
    parameters = [value.clone().requires_grad_() for value in initial]
    given = parameters if groups is None else [{"params": [p], **g} for p, g in zip(parameters, groups)]
    optimizer = getattr(torch.optim, kind)(given, **options)
    case = {"optimizer": kind, "options": options, "initial": [encode_tensor(value) for value in initial]}
    if groups is not None:
        case["groups"] = groups
    if rates is not None:
        case["rates"] = rates
    case |= {"gradients": [], "values": []}
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = (rates or {}).get(str(step), group["lr"])
        for number, parameter in enumerate(parameters):
            absent = late and number == 1 and step < 3
            parameter.grad = None if absent else numbers(generator, *parameter.shape)
        case["gradients"].append([None if p.grad is None else encode_data(p.grad) for p in parameters])
        optimizer.step()
        case["values"].append([encode_data(parameter) for parameter in parameters])
    case["state"] = [describe(optimizer.state[parameter]) for parameter in parameters]
    return case


def describe(state):
    tensors = {name: value for name, value in state.items() if name != "step" and value is not None}
    described = {"tensors": {name: encode_tensor(value) for name, value in tensors.items()}}
    return {"step": int(state["step"]), **described} if "step" in state else described


def write():
    cases = [optimizer_case("SGD", options) for options in [{"lr": 0.1}, *SGD]]
    cases += [optimizer_case(kind, options) for kind in ("Adam", "AdamW") for options in [{}, *ADAM]]
    for kind, groups in GROUPS.items():
        cases.append(optimizer_case(kind, {"lr": 0.05}, groups=groups))
        cases.append(optimizer_case(kind, {"lr": 0.05}, groups=groups, rates={"4": 0.2, "7": 0.001}))
        cases.append(optimizer_case(kind, {"lr": 0.05}, rates={"0": 0.5, "5": 0}))
        cases.append(optimizer_case(kind, {"lr": 0.05, "weight_decay": 0.1}, late=True))
    cases.append(optimizer_case("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.5}, late=True))
    write_lines("optimizers", cases)
