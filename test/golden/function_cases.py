"""Functions of one element beyond the commonest, division that rounds, blending, closeness and bounds."""
import math

import torch
from arithmetic_cases import SPECIAL, binary
from recorder import DTYPES, Group, bools, const, f32, f64, i64, lit, maker, positive, t, unit

inf, nan = math.inf, math.nan

UNARY = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cosh", "sinh", "tan", "erf", "erfc", "exp2", "expm1"]
UNARY += ["log2", "log10", "trunc", "frac"]
TESTS = ["isnan", "isinf", "isfinite", "nan_to_num"]
RANGE = [1e-30, 1e-7, -1e-7, 1e-3, -0.3, 0.45, 0.55, 0.999, 1.001, -1.5, 4.0, 9.5, -9.5, 20.5, 60.0, -88.0, 1e4]


def functions(group):
    for name in UNARY + TESTS:
        call = lambda a, name=name: getattr(a, name)()
        for shape in ((), (2, 3), (0, 2)):
            group.case(call, f32(*shape))
        group.case(call, unit(5))
        group.case(call, f64(2, 4))
        for dtype in (torch.float32, torch.float64):
            group.case(call, lit(SPECIAL, dtype))
            group.case(call, lit(RANGE, dtype))
        for dtype in (torch.int64, torch.int32, torch.uint8, torch.bool):
            group.case(call, maker(dtype)(5))
        if name not in ("isnan", "isinf", "isfinite"):
            group.case(lambda a, name=name: getattr(a.mul(1), f"{name}_")(), positive(3))
    for call in (lambda a: a.log2(), lambda a: a.log10(), lambda a: a.exp2()):
        group.case(call, lit([1.0, 2.0, 8.0, 1024.0, 10.0, 100.0, 1000.0, 0.125]))
    for options in ((1.5,), (0.0, 7.0), (2.0, 3.0, -4.0), (-1.0, inf, -inf)):
        group.case(lambda a: a.nan_to_num(*options), lit(SPECIAL))
    for name in UNARY:
        if name not in ("trunc", "frac"):
            group.case(lambda x, g, name=name: t.grad(getattr(x, name)(), [x], g), unit(4), f32(4), chain=False)


def divisions(group):
    for name in ("fmod", "remainder", "floor_divide", "true_divide"):
        for shapes in (((2, 3), (2, 3)), ((3,), (2, 1)), ((), (2,)), ((0, 3), (3,)), ((2,), ())):
            group.case(binary(name), f32(*shapes[0]), f32(*shapes[1]))
        group.case(binary(name), f64(3), f64(3))
        group.case(binary(name), lit(SPECIAL), lit(list(reversed(SPECIAL))))
        group.case(binary(name), lit([5.5, -5.5, 5.5, -5.5, 6.0, -6.0, 1.0]), lit([2.0, 2.0, -2.0, -2.0, 3.0, 3.0, 0.1]))
        for number in (2, -3, 1.5):
            group.case(lambda a, name=name: getattr(a, name)(number), f32(2, 3))
            for dtype in DTYPES:
                group.case(lambda a, name=name: getattr(a, name)(number), maker(dtype)(5))
        group.case(lambda a, name=name: getattr(a, name)(0), f32(3))
        group.case(lambda a, name=name: getattr(a, name)(0), i64(3))
        group.case(binary(name), lit([7, -7, 7, -7], torch.int64), lit([2, 2, -2, -2], torch.int64))
        group.case(binary(name), lit([7, -7, 7, -7], torch.int64), lit([2.0, 2.0, -2.0, -2.0]))
        group.case(binary(name), i64(2), lit([0, 1], torch.int64))
        group.case(lambda a, b, name=name: getattr(a.mul(1), f"{name}_")(b), f32(2, 3), f32(3))
    for mode in ("floor", "trunc", None, "up"):
        for specs in ((f32(2, 3), f32(3)), (f64(3), f64(1)), (i64(4), lit([2, -3, 1, -1], torch.int64)), (lit(SPECIAL), lit(SPECIAL[::-1]))):
            group.case(binary("div", rounding_mode=mode), *specs)
        group.case(lambda a: a.div(2, rounding_mode=mode), f32(4))
        group.case(lambda a: a.divide(2, rounding_mode=mode), i64(4))
        group.case(lambda a: a.mul(1).div_(2, rounding_mode=mode), f32(4))
        group.case(lambda a: a.mul(1).divide_(2), f32(4))


def blending(group):
    for shapes in (((2, 3), (2, 3), (2, 3)), ((2, 1), (3,), ()), ((), (), ()), ((0, 2), (2,), (1,))):
        for make in (f32, f64):
            specs = [make(*shape) for shape in shapes]
            group.case(lambda a, b, c: a.lerp(b, c), *specs)
            group.case(lambda a, b, c: a.addcmul(b, c), *specs)
            group.case(lambda a, b, c: a.addcdiv(b, c, value=-2), *specs)
            group.case(lambda a, b, c: a.addcmul(b, c, value=0.5), *specs)
    for weight in (0.3, 0.75, 1, 0):
        group.case(lambda a, b: a.lerp(b, weight), f32(2, 3), f32(3))
    group.case(lambda a, b: a.lerp(b, 0.5), i64(3), i64(3))
    group.case(lambda a, b: a.lerp(b, 0.5), f32(3), f64(3))
    group.case(lambda a, b, c: a.addcmul(b, c), i64(3), i64(3), i64(3))
    group.case(lambda a, b, c: a.addcmul(b, c, value=0.5), i64(3), i64(3), i64(3))
    group.case(lambda a, b, c: a.addcmul(b, c), f32(3), i64(3), f64(3))
    group.case(lambda a, b, c: a.addcmul(b, c), f32(3), const(3), f32(3))
    group.case(lambda a, b, c: a.addcdiv(b, c), const(3), f32(3), const(3))
    group.case(lambda a, b, c: a.addcdiv(b, c), i64(3), i64(3), i64(3))
    for name in ("addcmul_", "addcdiv_", "lerp_"):
        group.case(lambda a, b, c, name=name: getattr(a.mul(1), name)(b, c), f32(3), f32(3), f32(3))
    for name in ("hypot", "atan2", "logaddexp", "logaddexp2", "xlogy"):
        for shapes in (((2, 3), (2, 3)), ((3,), (2, 1)), ((), (2,)), ((0, 3), (3,))):
            group.case(binary(name), f32(*shapes[0]), positive(*shapes[1]))
        group.case(binary(name), f64(8), f64(8))
        for dtype in (torch.float32, torch.float64):
            group.case(binary(name), lit(SPECIAL, dtype), lit(SPECIAL[::-1], dtype))
            group.case(binary(name), lit([0.0, -0.0, 0.0, -0.0, 3.0, inf, -inf, inf, 1e30], dtype), lit([0.0, 0.0, -0.0, -0.0, 4.0, inf, inf, -inf, 1e30], dtype))
        group.case(binary(name), i64(3), i64(3))
        group.case(binary(name), bools(3), f32(3))
        if name not in ("logaddexp", "logaddexp2"):
            group.case(lambda a, b, name=name: getattr(a.mul(1), f"{name}_")(b), f32(3), positive(3))
    group.case(lambda a, b: a.logaddexp(b), lit([100.0, -200.0]), lit([99.0, -1000.0]))
    group.case(lambda a: a.xlogy(2.5), f32(3))
    group.case(lambda a: a.xlogy(2), i64(3))


def bounds(group):
    for low, high in (((2, 3), (2, 3)), ((3,), (2, 1)), ((), ()), ((2, 3), (0,))):
        for make in (f32, f64, i64):
            group.case(lambda a, b, c: a.clamp(b, c), make(2, 3), make(*low), make(*high))
            group.case(lambda a, b: a.clamp(min=b), make(2, 3), make(*low))
            group.case(lambda a, b: a.clamp(max=b), make(2, 3), make(*high))
            group.case(lambda a, b: a.clamp_min(b), make(2, 3), make(*low))
            group.case(lambda a, b: a.clamp_max(b), make(2, 3), make(*high))
    for name in ("clamp_min", "clamp_max"):
        for number in (0, -1, 0.5):
            for spec in (f32(2, 3), f64(3), lit(SPECIAL), i64(4), bools(3), f32(0)):
                group.case(lambda a, name=name: getattr(a, name)(number), spec)
        group.case(lambda a, name=name: getattr(a.mul(1), f"{name}_")(0.25), f32(3))
    group.case(lambda a: a.clip(-1, 1), f32(4))
    group.case(lambda a: a.mul(2).clip_(-1, 1), f32(4))
    group.case(lambda a: a.clamp(-inf, inf), f32(3))
    group.case(lambda a, b, c: a.clamp(b, c), lit(SPECIAL), lit([-1.0]), lit([1.0]))


def closeness(group):
    near = lit([1.0, 1.0, 100.0, nan, inf, -inf, inf, 0.0], requires_grad=False)
    other = lit([1.0, 1.0 + 1e-6, 100.01, nan, inf, inf, 1.0, 1e-9], requires_grad=False)
    for options in ({}, {"rtol": 1e-3}, {"atol": 0.1}, {"equal_nan": True}, {"rtol": 0, "atol": 0}, {"rtol": -1}):
        group.case(lambda a, b: a.isclose(b, **options), near, other)
    for make in (f32, f64, i64, bools):
        group.case(lambda a, b: a.isclose(b), make(2, 3), make(3))
    group.case(lambda a, b: a.isclose(b), f32(2), f64(2))
    for name in ("eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"):
        group.case(lambda a, b, name=name: getattr(a.mul(1), f"{name}_")(b), const(2, 3), const(3))
        group.case(lambda a, b, name=name: getattr(a.mul(1), f"{name}_")(b), i64(3), i64(3))
    group.case(lambda a: a.mul(1).logical_not_(), i64(5))


def write():
    for name, fills in {
        "functions": [functions],
        "divisions": [divisions],
        "blending": [blending, bounds, closeness],
    }.items():
        group = Group(name)
        for fill in fills:
            fill(group)
        group.write()
