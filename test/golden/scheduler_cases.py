"""Twenty steps of every scheduler with each of its options: the learning rates, and what it remembers in the end."""
import warnings

import torch
from nn_cases import write_lines
from torch.optim import lr_scheduler

STEPS = 20
METRICS = [3, 2.5, 2.4, 2.45, 2.3, 2.2999, 2.2998, 2.31, 2.28, 2.29, 2.3, 2.29, 2.279, 2.28, 2.27, 2.28, 2.5, 2.6, 2.28, 2.2]

CASES = [
    ("StepLR", [3], {}),
    ("StepLR", [1], {"gamma": 0.9}),
    ("StepLR", [7], {"gamma": 0.5}),
    ("MultiStepLR", [[2, 5, 5, 11]], {}),
    ("MultiStepLR", [[1, 19, 30]], {"gamma": 0.3}),
    ("ExponentialLR", [0.9], {}),
    ("ExponentialLR", [1.1], {}),
    ("LinearLR", [], {}),
    ("LinearLR", [], {"start_factor": 0.1, "total_iters": 8}),
    ("LinearLR", [], {"start_factor": 1, "end_factor": 0.2, "total_iters": 30}),
    ("CosineAnnealingLR", [20], {}),
    ("CosineAnnealingLR", [6], {"eta_min": 0.01}),
    ("CosineAnnealingLR", [1], {"eta_min": 0.02}),
    ("CosineAnnealingWarmRestarts", [5], {}),
    ("CosineAnnealingWarmRestarts", [2], {"T_mult": 2}),
    ("CosineAnnealingWarmRestarts", [3], {"T_mult": 3, "eta_min": 0.01}),
    ("OneCycleLR", [0.5], {"total_steps": 21}),
    ("OneCycleLR", [0.5], {"total_steps": 25, "pct_start": 0.4, "anneal_strategy": "linear"}),
    ("OneCycleLR", [0.5], {"epochs": 5, "steps_per_epoch": 5, "three_phase": True}),
    ("OneCycleLR", [[0.5, 0.2]], {"total_steps": 21, "base_momentum": 0.7, "max_momentum": [0.9, 0.99]}),
    ("OneCycleLR", [0.5], {"total_steps": 30, "div_factor": 10.0, "final_div_factor": 100.0, "cycle_momentum": False}),
    ("LambdaLR", ["half"], {}),
    ("LambdaLR", [["half", "rise"]], {}),
    ("ReduceLROnPlateau", [], {"patience": 2}),
    ("ReduceLROnPlateau", [], {"mode": "max", "patience": 1, "factor": 0.5, "cooldown": 2}),
    ("ReduceLROnPlateau", [], {"patience": 0, "threshold": 0.01, "min_lr": [0.03, 0.001]}),
    ("ReduceLROnPlateau", [], {"patience": 1, "threshold": 0.05, "threshold_mode": "abs", "eps": 0.005}),
    ("ReduceLROnPlateau", [], {"mode": "max", "patience": 1, "threshold": 0.05, "threshold_mode": "abs"}),
    ("SequentialLR", [[("LinearLR", [], {"total_iters": 4}), ("ExponentialLR", [0.9], {})], [5]], {}),
    ("SequentialLR", [[("StepLR", [2], {}), ("CosineAnnealingLR", [6], {}), ("StepLR", [3], {"gamma": 0.5})], [4, 12]], {}),
    ("SequentialLR", [[("ExponentialLR", [0.5], {}), ("CosineAnnealingWarmRestarts", [4], {}), ("LambdaLR", ["half"], {})], [3, 11]], {}),
]

LAMBDAS = {"half": lambda epoch: 0.5 ** (epoch / 4 + 1), "rise": lambda epoch: 1 + epoch / 10}


def spoken(value):
    """Arguments with functions in the place of their names."""
    if isinstance(value, list):
        return [spoken(item) for item in value]
    return LAMBDAS[value] if isinstance(value, str) and value in LAMBDAS else value


def make(optimizer, kind, args, options):
    if kind == "SequentialLR":
        parts = [make(optimizer, *part) for part in args[0]]
        return lr_scheduler.SequentialLR(optimizer, parts, args[1])
    return getattr(lr_scheduler, kind)(optimizer, *spoken(args), **options)


def plain(value):
    """A state as JSON: no bound methods, no infinities."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items() if not callable(item)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value).replace("inf", "Infinity") if value in (float("inf"), float("-inf")) else value


def case(optimizer_kind, kind, args, options):
    parameters = [torch.zeros(2, requires_grad=True), torch.zeros(3, requires_grad=True)]
    groups = [{"params": [parameters[0]]}, {"params": [parameters[1]], "lr": 0.2}]
    settings = {"lr": 0.1, "momentum": 0.9} if optimizer_kind == "SGD" else {"lr": 0.1}
    optimizer = getattr(torch.optim, optimizer_kind)(groups, **settings)
    scheduler = make(optimizer, kind, args, options)
    plateau = kind == "ReduceLROnPlateau"

    def look():
        rates = [group["lr"] for group in optimizer.param_groups]
        momenta = [group["betas"][0] if "betas" in group else group["momentum"] for group in optimizer.param_groups]
        return {"lr": rates, "momentum": momenta}

    steps = [look()]
    for step in range(STEPS):
        optimizer.step()
        scheduler.step(*([METRICS[step]] if plateau else []))
        steps.append({**look(), "last_lr": scheduler.get_last_lr() if not plateau else scheduler._last_lr})
    return {
        "scheduler": kind,
        "args": args,
        "options": options,
        "optimizer": optimizer_kind,
        "settings": settings,
        **({"metrics": METRICS} if plateau else {}),
        "steps": steps,
        "state": plain(scheduler.state_dict()),
    }


def write():
    warnings.filterwarnings("ignore")
    cases = [case("SGD", *given) for given in CASES]
    cases += [case("Adam", *given) for given in CASES if given[0] == "OneCycleLR"]
    write_lines("schedulers", cases)
