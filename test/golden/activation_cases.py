"""Activation functions and their settings."""
import math

import torch
from arithmetic_cases import SPECIAL
from recorder import Group, f32, f64, i64, lit, positive, t

inf, nan = math.inf, math.nan

SETTINGS = {
    "elu": [(), (0.5,), (2.0,)],
    "selu": [()],
    "celu": [(), (0.5,), (0.0,)],
    "silu": [()],
    "mish": [()],
    "softplus": [(), (2.0,), (0.5, 1.0)],
    "logsigmoid": [()],
    "softsign": [()],
    "tanhshrink": [()],
    "softshrink": [(), (0.2,), (-1.0,)],
    "hardshrink": [(), (0.2,)],
    "hardtanh": [(), (-0.5, 0.25)],
    "relu6": [()],
    "hardsigmoid": [()],
    "hardswish": [()],
    "leaky_relu": [(), (0.2,), (-0.5,)],
    "threshold": [(0.125, 20.0), (-0.5, 0.0)],
}
EDGES = [-100.0, -20.0, -3.5, -3.0, -1.0, -0.5, -1e-5, 1e-5, 0.1, 0.5, 1.0, 2.9, 3.0, 6.0, 20.0, 25.0, 100.0]


def activations(group):
    for name, settings in SETTINGS.items():
        for args in settings:
            call = lambda a: getattr(t, name)(a, *args)
            for spec in (f32(2, 3), f64(5), f32(), f32(0, 2), lit(SPECIAL), lit(EDGES), lit(EDGES, torch.float64)):
                # At x = 3 PyTorch's vectorized loop and its scalar one differ.
                if not (name == "hardswish" and spec.literal == SPECIAL):
                    group.case(call, spec)
        if name not in ("softsign", "tanhshrink", "threshold", "relu6", "hardtanh"):
            group.case(call, i64(3))
        if name in ("elu", "selu", "celu", "silu", "mish", "softplus", "logsigmoid", "softsign", "tanhshrink"):
            group.case(lambda x, g: t.grad(getattr(t, name)(x, *settings[0]), [x], g), f32(5), f32(5), chain=False)
    for approximate in ("none", "tanh", "exact"):
        for spec in (f32(2, 3), f64(5), f32(), f32(0), lit(EDGES), lit([nan, 0.0, -0.0, 1.0]), lit(EDGES, torch.float64)):
            group.case(lambda a: t.gelu(a, approximate=approximate), spec)
    for dim in (0, 1, -1, 2):
        for shape in ((4, 6), (2, 3), (2,), (0, 4), ()):
            group.case(lambda a: t.glu(a, dim), f32(*shape))
        group.case(lambda a: t.softmin(a, dim), f64(2, 3))
    group.case(lambda a: t.glu(a), f64(3, 4))
    group.case(lambda x, g: t.grad(t.glu(x), [x], g), f32(2, 4), f32(2, 2), chain=False)
    for shape in ((2, 3), (2, 3, 4), (3,), (), (2, 3, 0)):
        for weights in (1, 3):
            group.case(lambda a, w: a.prelu(w), f32(*shape), f32(weights))
            group.case(lambda a, w: t.prelu(a, w), f64(*shape), f64(weights))
    group.case(lambda a: a.hardshrink(), f32(3))
    group.case(lambda a, w: t.prelu(a, w), lit([[0.0, -0.0, nan, inf, -inf]]), f32(1))


def write():
    group = Group("activations")
    activations(group)
    group.write()
