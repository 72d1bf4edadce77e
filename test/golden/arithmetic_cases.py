"""Arithmetic of two tensors, comparisons, functions of one element, and their in-place forms."""
import itertools
import math

import torch
from recorder import DTYPES, Group, bools, const, dtype_name, f32, f64, i32, i64, lit, maker, positive, t, u8, unit

inf, nan = math.inf, math.nan
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, inf, -inf, nan]


def binary(name, **kwargs):
    """A case's function: the method of this name."""
    return lambda a, b: getattr(a, name)(b, **kwargs)


def broadcasting(group):
    shapes = [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((2, 3), ()), ((), (2, 3))]
    shapes += [((), ()), ((2, 1, 3), (4, 1)), ((1,), (1,)), ((1, 1), (3,)), ((0, 3), (3,)), ((0,), ()), ((2, 0, 1), (1, 1, 4))]
    for left, right in shapes:
        for dtype in (f32, f64):
            for name in ("add", "sub", "mul", "div", "maximum", "minimum", "rsub"):
                group.case(binary(name), dtype(*left), dtype(*right))
        group.case(binary("pow"), positive(*left), f32(*right))
        for name in ("eq", "lt", "ge"):
            group.case(binary(name), f32(*left), f32(*right))
    group.case(binary("add"), f32(2, 3), f32(2))
    group.case(binary("mul"), f32(2, 3), f32(4, 3))
    for alpha in (2, -1, 0.5, 0):
        for name in ("add", "sub", "rsub"):
            group.case(binary(name, alpha=alpha), f32(2, 3), f32(3))
            group.case(lambda a, name=name: getattr(a, name)(1.5, alpha=alpha), f32(2, 3))
        group.case(binary("add", alpha=alpha), i64(2, 3), i64(3))
    for name in ("add", "mul", "sub", "div", "maximum"):
        group.case(binary(name), f32(2, 3), const(3))
        group.case(binary(name), const(2, 3), f32(3))
        group.case(binary(name), const(2, 3), const(3))
        group.case(lambda a, name=name: getattr(a, name)(a), f32(2, 3))


def scalars(group):
    for name in ("add", "sub", "rsub", "mul", "div", "pow"):
        for number in (2, -1, 0.5, 0, 1.25, 3):
            group.case(lambda a, name=name: getattr(a, name)(number), f32(2, 3))
            group.case(lambda a, name=name: getattr(a, name)(number), f64(3))
            group.case(lambda a, name=name: getattr(a, name)(number), positive(4))
    for exponent in (-2, -0.5, 1, 4, 10, 1 / 3, inf, nan):
        group.case(lambda a: a.pow(exponent), positive(2, 3))
        group.case(lambda a: a.pow(exponent), lit(SPECIAL))
    for exponent in (0, 1, 2, 3, -1, 0.5):
        group.case(lambda a: a.pow(exponent), lit(SPECIAL, torch.float64))
        for dtype in (i64, i32, u8, bools):
            group.case(lambda a: a.pow(exponent), dtype(2, 3))
    group.case(lambda a, b: a.pow(b), lit([0.0, 0.0, 2.0, -2.0, 0.0]), lit([0.0, 2.0, 0.0, 3.0, -1.0]))
    group.case(lambda a, b: a.pow(b), i64(3), lit([0, 1, 2], torch.int64))


def promotion(group):
    """Every pair of types, as tensors, as tensors without dimensions, and with plain numbers."""
    for name in ("add", "sub", "mul", "div", "maximum", "pow", "eq", "lt", "where"):
        if name == "where":
            call = lambda a, b: t.where(t.tensor([True, False, True], dtype=torch.bool), a, b)
        else:
            call = binary(name)
        for left, right in itertools.product(DTYPES, DTYPES):
            kind = {"kind": "below3", "requires_grad": None}
            a, b = maker(left, **kind), maker(right, **kind)
            group.case(call, a(3), b(3))
            group.case(call, a(3), b())
            if name in ("add", "div", "eq", "where"):
                group.case(call, a(), b(3))
                group.case(call, a(), b())
    for name, dtype, number in itertools.product(("add", "sub", "rsub", "mul", "div", "pow", "eq", "lt"), DTYPES, (2, 1.5)):
        group.case(lambda a, name=name: getattr(a, name)(number), maker(dtype, kind="below3")(3))
        group.case(lambda a, name=name: getattr(a, name)(number), maker(dtype, kind="below3")())


def comparisons(group):
    for name in ("eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"):
        for dtype in DTYPES:
            make = maker(dtype, kind="below3")
            group.case(binary(name), make(2, 5), make(5))
            if not name.startswith("logical"):
                group.case(lambda a, name=name: getattr(a, name)(1), make(2, 5))
        group.case(binary(name), lit(SPECIAL), lit(list(reversed(SPECIAL))))
        group.case(binary(name), lit([nan, inf, -inf, 0.0, -0.0]), lit([nan, inf, inf, -0.0, 0.0], torch.float64))
        group.case(binary(name), i64(4), lit([0.5], requires_grad=False))
    for dtype in DTYPES:
        group.case(lambda a: a.logical_not(), maker(dtype, kind="below3")(6))


UNARY = ["neg", "abs", "sign", "square", "exp", "log", "log1p", "sqrt", "rsqrt", "reciprocal", "sin", "cos", "tanh"]
UNARY += ["sigmoid", "floor", "ceil", "round", "relu", "clone", "detach"]


def unary(group):
    for name in UNARY:
        call = lambda a, name=name: getattr(a, name)()
        for shape in ((), (5,), (2, 3), (2, 1, 4), (0, 2)):
            group.case(call, positive(*shape))
            group.case(call, f32(*shape))
        group.case(call, f64(2, 4))
        group.case(call, maker(torch.float32, kind="large")(8))
        group.case(call, lit(SPECIAL))
        group.case(call, lit(SPECIAL, torch.float64))
        group.case(call, lit([1e-7, -1e-7, 1e-3, 20.0, -20.0, 90.0, -90.0, 1e-30, 3e38, -3e38]))
        for dtype in (torch.int64, torch.int32, torch.uint8, torch.bool):
            group.case(call, maker(dtype)(5))
    for decimals in (0, 2, -1):
        group.case(lambda a: a.round(decimals=decimals), lit([0.125, 1.567, -25.0, 35.0, 149.5]))
        group.case(lambda a: a.round(decimals=decimals), maker(torch.float64)(2, 3))
    group.case(lambda a: a.clone().round_(decimals=1), f32(3))
    group.case(lambda a: a.round(), lit([0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, 8388609.0]))
    for left in DTYPES:
        for right in DTYPES:
            group.case(lambda a: a.to(right), maker(left)(2, 3))
        for name in ("float", "double", "long", "int", "bool"):
            group.case(lambda a, name=name: getattr(a, name)(), maker(left)(3))
    group.case(lambda a: a.long(), lit([1.9, -1.9, 0.5, -0.5, 250.7]))
    group.case(lambda a: a.to(torch.uint8), lit([0, 1, 255, 256, 257, -1, 1000], torch.int64))
    group.case(lambda a: a.to(torch.int32), lit([0, 2147483647, 2147483648, -1, 4294967297], torch.int64))
    group.case(lambda a: a.bool(), lit([0.0, -0.0, 0.3, nan, inf]))
    group.case(lambda a: (a.contiguous(), a.double().float().mul(a.double())), f32(2, 3))


def selection(group):
    for bounds in ({"min": -0.5, "max": 0.5}, {"min": 0}, {"max": 0.25}, {"min": 1, "max": -1}, {"min": -inf, "max": 0}, {}):
        for spec in (f32(2, 3), f64(4), f32(), f32(0, 2), i64(5), i32(5), lit(SPECIAL), lit([0.5, -0.5, 0.0, 0.25, 1.0, -1.0])):
            group.case(lambda a: a.clamp(**bounds), spec)
    group.case(lambda a: a.clamp(-1, 1), f32(2, 3))
    for shapes in (((2, 3), (2, 3), (2, 3)), ((3,), (2, 3), (1,)), ((2, 1), (3,), ()), ((), (2,), (2, 1)), ((0, 2), (2,), (0, 1))):
        group.case(lambda c, a, b: t.where(c, a, b), bools(*shapes[0]), f32(*shapes[1]), f32(*shapes[2]))
        group.case(lambda c, a, b: t.where(c, a, b), bools(*shapes[0]), const(*shapes[1]), f64(*shapes[2]))
        group.case(lambda m, a: a.masked_fill(m, -1.5), bools(*shapes[0]), f32(2, 3))
    group.case(lambda c, a: t.where(c, a, 0.5), bools(2, 3), f32(3))
    group.case(lambda c, a: t.where(c, 2, a), bools(2, 3), f32(3))
    group.case(lambda c, a, b: t.where(c, a, b), i64(2), f32(2), f32(2))
    for value in (3, -0.5, -inf):
        group.case(lambda m, a: a.masked_fill(m, value), bools(2, 3), f32(2, 3))
        group.case(lambda m, a: a.masked_fill(m, value), bools(2, 3), f64(2, 3))
    group.case(lambda m, a: a.masked_fill(m, 7), bools(3), i64(2, 3))


def second_derivatives(group):
    for name in ("exp", "tanh", "sigmoid", "log", "sqrt", "rsqrt", "reciprocal", "sin", "cos", "log1p", "square", "relu", "neg"):
        group.case(lambda x, g, name=name: t.grad(getattr(x, name)(), [x], g), positive(2, 3), f32(2, 3), chain=False)
    for exponent in (2, 3, 0.5, -1, 1, 0):
        group.case(lambda x, g: t.grad(x.pow(exponent), [x], g), positive(4), f32(4), chain=False)
    for name in ("mul", "div", "pow", "maximum", "add", "sub"):
        call = lambda a, b, g, name=name: t.grad(getattr(a, name)(b), [a, b], g)
        group.case(call, positive(2, 3), positive(3), f32(2, 3), chain=False)
    for make in (f32, f64):
        group.case(lambda a, b, g: t.grad(a.matmul(b), [a, b], g), make(2, 3), make(3, 4), make(2, 4), chain=False)
        group.case(lambda a, b, g: t.grad(a.matmul(b), [a, b], g), make(2, 2, 3), make(3, 2), make(2, 2, 2), chain=False)
        for name in ("softmax", "log_softmax"):
            group.case(lambda x, g: t.grad(getattr(x, name)(1), [x], g), make(2, 3), make(2, 3), chain=False)
    group.case(lambda x, g: t.grad(x.clamp(-0.5, 0.5), [x], g), f32(6), f32(6), chain=False)
    group.case(lambda x, g: t.grad(*third(x, g)), unit(4), f32(4), chain=False)


def third(x, g):
    (first,) = t.grad(x.pow(4).mul(x.exp()), [x], g)
    return first, [x], g


def write():
    for name, fills in {
        "arithmetic": [broadcasting, scalars],
        "promotion": [promotion],
        "comparison": [comparisons],
        "unary": [unary],
        "selection": [selection],
        "second-derivatives": [second_derivatives],
    }.items():
        group = Group(name)
        for fill in fills:
            fill(group)
        group.write()
