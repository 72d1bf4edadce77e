"""Truth values, counts, products, logarithms of sums, and running sums and products."""
import math

import torch
from recorder import DTYPES, Group, bools, f32, f64, i64, lit, maker, t

inf, nan = math.inf, math.nan


def scans(group):
    for name in ("all", "any", "prod"):
        for shape in ((2, 3, 2), (3,), (), (0, 2), (2, 0)):
            group.case(lambda a: getattr(a, name)(), f32(*shape))
            for dim in (0, -1, 1):
                for keepdim in (False, True):
                    group.case(lambda a: getattr(a, name)(dim, keepdim), f32(*shape))
        for dtype in DTYPES:
            group.case(lambda a: getattr(a, name)(), maker(dtype)(3, 4))
            group.case(lambda a: getattr(a, name)(dim=1), maker(dtype)(3, 4))
        group.case(lambda a: getattr(a, name)(1), lit([[0.0, 2.0, 3.0], [0.0, 0.0, 2.0], [1.0, 4.0, 2.0], [5.0, 1.0, -1.0]]))
        group.case(lambda a: getattr(a, name)(), lit([[0.0, 2.0, 3.0], [0.5, 1.0, 2.0]]))
    group.case(lambda a: a.prod(0, dtype=torch.float64), f32(3, 2))
    group.case(lambda x, g: t.grad(x.prod(1), [x], g), f32(2, 3), f32(2), chain=False)
    for dim in (None, 0, (0, 1)):
        for make in (f32, i64, bools):
            group.case(lambda a: a.count_nonzero(dim) if dim is not None else a.count_nonzero(), make(2, 3), chain=False)
    for dims in (0, -1, (0, 1), (1,), 3):
        for keepdim in (False, True):
            for shape in ((2, 3), (2, 3, 2), (0, 3)):
                group.case(lambda a: a.logsumexp(dims, keepdim), f32(*shape))
        group.case(lambda a: a.logsumexp(dims), f64(2, 3))
    group.case(lambda a: a.logsumexp(0), f32())
    group.case(lambda a: a.logsumexp(0), i64(3))
    group.case(lambda a: a.logsumexp(1), lit([[1000.0, 1001.0], [-1000.0, -1001.0], [-inf, -inf], [inf, 1.0], [nan, 1.0]]))
    group.case(lambda x, g: t.grad(x.logsumexp(1), [x], g), f32(2, 3), f32(2), chain=False)
    for name in ("cumsum", "cumprod"):
        for dim in (0, 1, -1, 3):
            for shape in ((2, 3), (3, 5, 2), (), (0, 2), (2, 0)):
                group.case(lambda a: getattr(a, name)(dim), f32(*shape))
            for dtype in DTYPES:
                group.case(lambda a: getattr(a, name)(dim), maker(dtype)(3, 4))
        group.case(lambda a: getattr(a, name)(0, dtype=torch.float64), f32(3))
        group.case(lambda a: getattr(a.mul(1), f"{name}_")(0), f32(3))
        group.case(lambda a: getattr(a, name)(0), lit([2.0, 0.0, 3.0, 0.0, 4.0]))
        group.case(lambda x, g: t.grad(getattr(x, name)(1), [x], g), f32(2, 3), f32(2, 3), chain=False)


def write():
    group = Group("scans")
    scans(group)
    group.write()
