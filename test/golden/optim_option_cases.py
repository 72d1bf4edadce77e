"""Twenty steps of every optimizer with each of its options: the weights on the way, and what is kept in the end."""
import json

import torch
from recorder import FOLDER, encode_data, encode_tensor

STEPS = 20
SEEN = (1, 2, 3, 6, 12, 20)
DECAY, DOWN = {"weight_decay": 0.1}, {"maximize": True}
BETAS, EPS = {"betas": (0.7, 0.95)}, {"eps": 1e-3}
ADAM = [{}, {"lr": 0.05}, BETAS, EPS, DECAY]

OPTIONS = {
    "SGD": [
        {"lr": 0.1, **options}
        for options in (
            {},
            {"momentum": 0.9},
            {"momentum": 0.9, "dampening": 0.3},
            {"momentum": 0.9, "nesterov": True},
            DECAY,
            DOWN,
            {"momentum": 0.8, "nesterov": True, **DECAY, **DOWN},
            {"momentum": 0.8, "dampening": 0.5, **DECAY, **DOWN},
        )
    ],
    "Adam": [*ADAM, {"amsgrad": True}, DOWN, {"lr": 0.1, **BETAS, **EPS, **DECAY, **DOWN, "amsgrad": True}],
    "AdamW": [*ADAM, {"weight_decay": 0}, {"amsgrad": True}, DOWN, {"lr": 0.1, **BETAS, **EPS, **DECAY, **DOWN, "amsgrad": True}],
    "Adamax": [*ADAM, DOWN, {"lr": 0.1, **BETAS, **EPS, **DECAY, **DOWN}],
    "NAdam": [*ADAM, {"momentum_decay": 0.3}, {"lr": 0.1, **BETAS, **EPS, **DECAY, "momentum_decay": 0.01}],
    "RAdam": [*ADAM, {"betas": (0.5, 0.5)}, {"betas": (0, 0.9)}, {"lr": 0.1, **BETAS, **EPS, **DECAY}],
    "RMSprop": [
        {},
        {"lr": 0.05},
        {"alpha": 0.5},
        EPS,
        DECAY,
        {"momentum": 0.9},
        {"centered": True},
        DOWN,
        {"lr": 0.02, "alpha": 0.8, **EPS, **DECAY, **DOWN, "momentum": 0.5, "centered": True},
    ],
    "Adagrad": [
        {},
        {"lr": 0.05},
        {"lr_decay": 0.2},
        DECAY,
        {"initial_accumulator_value": 0.5},
        EPS,
        DOWN,
        {"lr": 0.1, "lr_decay": 0.1, **DECAY, **EPS, **DOWN, "initial_accumulator_value": 0.1},
    ],
    "Adadelta": [{}, {"lr": 0.3}, {"rho": 0.5}, EPS, DECAY, DOWN, {"lr": 0.5, "rho": 0.7, **EPS, **DECAY, **DOWN}],
}


def draw(generator, dtype):
    return [
        (torch.randn(shape, generator=generator, dtype=torch.float64) * 100).round().div(100).to(dtype)
        for shape in ((3,), (2, 2))
    ]


def run(kind, options, dtype, initial, gradients):
    parameters = [value.to(dtype).clone().requires_grad_() for value in initial]
    optimizer = getattr(torch.optim, kind)(parameters, **options)
    values = {}
    for step in range(1, STEPS + 1):
        for parameter, gradient in zip(parameters, gradients[step - 1]):
            parameter.grad = gradient.to(dtype).clone()
        optimizer.step()
        if step in SEEN:
            values[step] = [encode_data(parameter) for parameter in parameters]
    kept = [
        {name: encode_tensor(torch.as_tensor(value)) for name, value in optimizer.state[p].items() if value is not None}
        for p in parameters
    ]
    defaults = {name: value for name, value in optimizer.defaults.items() if isinstance(value, (int, float, tuple))}
    return {
        "optimizer": kind,
        "options": options,
        "dtype": str(dtype).removeprefix("torch."),
        "values": values,
        "state": kept,
        "settings": defaults,
    }


def write():
    generator = torch.Generator().manual_seed(20)
    initial = draw(generator, torch.float64)
    gradients = [draw(generator, torch.float64) for _ in range(STEPS)]
    cases = [
        run(kind, options, dtype, initial, gradients)
        for kind, all_options in OPTIONS.items()
        for options in all_options
        for dtype in (torch.float32, torch.float64)
    ]
    head = {
        "initial": [encode_tensor(value) for value in initial],
        "gradients": [[encode_data(value) for value in step] for step in gradients],
    }
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    text = json.dumps(head, separators=(",", ":"))[:-1]
    (FOLDER / "optimizer-options.json").write_text(f'{text},"cases":[\n{lines}\n]}}\n')
    print(f"optimizer-options: {len(cases)} cases")
