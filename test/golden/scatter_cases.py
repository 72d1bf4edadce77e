"""Writing to places that indices name, borders, cross products, and sums with products."""
import torch
from recorder import DTYPES, Group, const, f32, f64, i32, i64, labels, lit, maker, t

nan = float("nan")
INT = torch.int64


def scattering(group):
    for make in (f32, f64, i64, maker(torch.int32), maker(torch.uint8)):
        group.case(lambda a, i, s: a.scatter(0, i, s), make(3, 4), lit([[0, 1, 2, 0]], INT), make(1, 4))
        group.case(lambda a, i, s: a.scatter(1, i, s), make(3, 4), lit([[0, 3], [1, 2]], INT), make(3, 4))
        group.case(lambda a, i: a.scatter(-1, i, 3), make(3, 4), lit([[0, 3], [1, 2]], INT))
        group.case(lambda a, i, s: a.scatter_add(1, i, s), make(3, 4), lit([[0, 3, 0, 0, 1], [1, 2, 1, 1, 1]], INT), make(2, 5))
        group.case(lambda a, i, s: a.index_add(0, i, s), make(3, 4), lit([0, 2, 0], INT), make(3, 4))
        group.case(lambda a, i, s: a.index_add(-1, i, s, alpha=2), make(3, 4), lit([3, 0], torch.int32), make(3, 2))
        for reduce in ("add", "multiply"):
            group.case(lambda a, i, s: a.scatter(1, i, s, reduce=reduce), make(3, 4), lit([[0, 3], [1, 1]], INT), make(2, 2, requires_grad=False))
            group.case(lambda a, i: a.mul(1).scatter_(0, i, 2, reduce=reduce), make(3, 4, requires_grad=False), lit([[0, 2, 0, 0]], INT))
    group.case(lambda a, i: a.mul(2).scatter_(1, i, 1.5), f32(3, 4), lit([[0], [1]], INT))
    group.case(lambda a, i, s: a.mul(2).scatter_(1, i, s), f32(3, 4), lit([[0], [1]], INT), f32(2, 1))
    group.case(lambda a, i, s: a.mul(2).scatter_add_(1, i, s), f32(3, 4), lit([[0], [1]], INT), f32(2, 1))
    group.case(lambda a, i, s: a.mul(2).index_add_(0, i, s.exp()), f32(3, 4), lit([0, 1], INT), f32(2, 4))
    group.case(lambda a, i: a.scatter(0, i, 2.0), f32(), lit(0, INT))
    group.case(lambda a, i, s: a.scatter(0, i, s), f32(), lit(0, INT), f32())
    group.case(lambda a, i, s: a.scatter_add(0, i, s), f32(), lit(0, INT), f32())
    group.case(lambda a, i: a.gather(0, i), f32(), lit(0, INT))
    group.case(lambda a, i: a.scatter(1, i, 2.0), f32(3, 4), i64(0, 2))
    group.case(lambda a, i, s: a.index_add(0, i, s), f32(3, 4), i64(0), f32(0, 4))
    group.case(lambda a, i, s: a.index_add(0, i, s), f32(3), lit(1, INT), f32(1))
    group.case(lambda a, i, s: a.scatter(1, i, s), f32(3, 4), lit([[4]], INT), f32(1, 1))
    group.case(lambda a, i, s: a.scatter(1, i, s), f32(3, 4), lit([[-1]], INT), f32(1, 1))
    group.case(lambda a, i, s: a.scatter(1, i, s), f32(3, 4), lit([[0, 1]], INT), f32(1, 1))
    group.case(lambda a, i, s: a.scatter(1, i, s), f32(3, 4), lit([0, 1], INT), f32(2))
    group.case(lambda a, i, s: a.scatter(1, i, s), f32(3, 4), lit([[0]], INT), f64(1, 1))
    group.case(lambda a, i: a.scatter(1, i, 1.0), f32(3, 4), lit([[0.0]], requires_grad=False))
    group.case(lambda a, i: a.scatter(1, i, 1.0, reduce="mean"), f32(3, 4), lit([[0]], INT))
    group.case(lambda a, i, s: a.index_add(0, i, s), f32(3, 4), lit([0], INT), f32(2, 4))
    group.case(lambda a, i, s: a.index_add(0, i, s), f32(3, 4), lit([3], INT), f32(1, 4))
    group.case(lambda a, i, s: a.index_add(0, i, s), f32(3, 4), lit([0], INT), f64(1, 4))
    group.case(lambda a, i, s: a.index_add(1, i, s), i32(2, 3, 4), lit([0, 2], INT), i32(3, 2))
    group.case(lambda a, i, s, g: t.grad(a.mul(a).scatter(1, i, s.mul(s)), [a, s], g), f32(3, 4), lit([[0, 3], [1, 2]], INT), f32(2, 2), f32(3, 4), chain=False)
    group.case(lambda a, i, s, g: t.grad(a.mul(a).index_add(0, i, s.mul(s)), [a, s], g), f32(3, 4), lit([0, 0], INT), f32(2, 4), f32(3, 4), chain=False)
    for value in (2.0, lit(1.5, requires_grad=True)):
        group.case(lambda a, i, *v: a.index_fill(1, i, *(v or (value,))), f32(3, 4), lit([0, 3], INT), *(() if isinstance(value, float) else (value,)))
    group.case(lambda a, i: a.mul(2).index_fill_(0, i, 3), f32(3, 4), lit([0, 0], INT))
    group.case(lambda a, i, s: a.index_copy(1, i, s.exp()), f32(2, 4), lit([1, 3], INT), f32(2, 2))
    group.case(lambda a: a.copysign(-2.5), f32(3, 4))
    group.case(lambda a: a.copysign(-0.0), f64(3))
    for name in ("bitwise_and_", "bitwise_or_", "bitwise_xor_"):
        for dtype in (INT, torch.int32, torch.uint8, torch.bool):
            group.case(lambda a, b: getattr(a.clone(), name)(b), maker(dtype)(2, 3), maker(dtype)(3))
    for dtype in (INT, torch.int32, torch.uint8, torch.bool):
        group.case(lambda a: a.clone().bitwise_not_(), maker(dtype)(2, 3))


def borders(group):
    for shape in ((3, 4), (4,), (2, 3, 2), (0, 3)):
        for pads in ((1, 2), (0, 0), (-1, 1), (-1, -1), (1, 0, 2, 1), (0, 1, -1, 0, 1, 1)):
            group.case(lambda a: a.constant_pad_nd(pads) if hasattr(a._tensor, "constant_pad_nd") else t.constant_pad_nd(a, pads), f32(*shape))
            group.case(lambda a: t.pad(a, pads, value=2.5), f64(*shape))
    for dtype in DTYPES:
        group.case(lambda a: t.pad(a, (1, 2), value=1), maker(dtype)(2, 3))
    group.case(lambda a: t.pad(a, (1, 2)), f32())
    group.case(lambda a: t.pad(a, (1,)), f32(3))
    group.case(lambda a: t.pad(a, (-3, -1)), f32(3))
    group.case(lambda a: t.pad(a, (1, 1), value=float("inf")), f32(3))
    for mode in ("reflect", "replicate", "circular"):
        for shape, pads in (((1, 2, 5), (1, 2)), ((2, 5), (1, 2)), ((1, 2, 4, 5), (1, 2, 0, 1)), ((2, 4, 5), (2, 1, 1, 1)), ((1, 1, 3, 4, 5), (1, 2, 0, 1, 1, 1)), ((1, 3, 4, 5), (1, 2, 0, 1, 1, 1)), ((1, 2, 5), (0, 0)), ((1, 2, 5), (-1, 1))):
            group.case(lambda a: t.pad(a, pads, mode=mode), f32(*shape))
        group.case(lambda a: t.pad(a, (1, 2), mode=mode).exp().sum(), f64(1, 2, 5))
        group.case(lambda a: t.pad(a, (6, 0), mode=mode), f32(1, 2, 5))
        group.case(lambda a: t.pad(a, (1, 1), mode=mode, value=1.0), f32(1, 2, 5))
        group.case(lambda a: t.pad(a, (1, 1), mode=mode), f32(3))
        group.case(lambda a, g: t.grad(t.pad(a.mul(a), (1, 2), mode=mode), [a], g), f32(1, 2, 5), f32(1, 2, 8), chain=False)
    group.case(lambda a, g: t.grad(t.pad(a.mul(a), (1, -2)), [a], g), f32(2, 5), f32(2, 4), chain=False)


def others(group):
    for make in (f32, f64, i64):
        group.case(lambda a, b: a.cross(b), make(2, 3), make(2, 3))
        group.case(lambda a, b: t.cross(a, b, dim=0), make(3, 2), make(3, 2))
        group.case(lambda a, b: t.cross(a, b, dim=-1), make(2, 1, 3), make(1, 4, 3))
        group.case(lambda a, b: a.cross(b), make(3, 3, 2), make(3, 3, 2))
        for options in ({}, {"beta": 2, "alpha": 3}):
            group.case(lambda x, a, v: x.addmv(a, v, **options), make(3), make(3, 4), make(4))
            group.case(lambda x, a, v: x.addmv(a, v, **options), make(1), make(3, 4), make(4))
            group.case(lambda x, a, v: x.addr(a, v, **options), make(3, 4), make(3), make(4))
            group.case(lambda x, a, v: x.addr(a, v, **options), make(4), make(3), make(4))
            group.case(lambda x, a, v: x.addbmm(a, v, **options), make(3, 4), make(2, 3, 5), make(2, 5, 4))
            group.case(lambda x, a, v: x.addbmm(a, v, **options), make(1), make(2, 3, 5), make(2, 5, 4))
            group.case(lambda x, a, v: x.baddbmm(a, v, **options), make(2, 3, 4), make(2, 3, 5), make(2, 5, 4))
            group.case(lambda x, a, v: x.baddbmm(a, v, **options), make(3, 1), make(2, 3, 5), make(2, 5, 4))
        group.case(lambda x, a, v: x.mul(1).addmv_(a, v), make(3), make(3, 4), make(4))
        group.case(lambda x, a, v: x.mul(1).addr_(a, v), make(3, 4), make(3), make(4))
        group.case(lambda x, a, v: x.mul(1).addbmm_(a, v), make(3, 4), make(2, 3, 5), make(2, 5, 4))
        group.case(lambda x, a, v: x.mul(1).baddbmm_(a, v), make(2, 3, 4), make(2, 3, 5), make(2, 5, 4))
    for name, shapes in (("addmv", ((3,), (3, 4), (4,))), ("addr", ((3, 4), (3,), (4,))), ("addbmm", ((3, 4), (2, 3, 5), (2, 5, 4))), ("baddbmm", ((2, 3, 4), (2, 3, 5), (2, 5, 4)))):
        group.case(lambda x, a, b: getattr(x, name)(a, b, beta=0.5, alpha=-1.5), *(f32(*shape) for shape in shapes))
        group.case(lambda a, b: getattr(t.full(shapes[0], nan), name)(a, b, beta=0), *(f32(*shape) for shape in shapes[1:]))
        group.case(lambda x, a, b: getattr(x, name)(a, b), const(*shapes[0]), f32(*shapes[1]), const(*shapes[2]))
        group.case(lambda x, a, b: getattr(x, name)(a, b), f32(7), f32(*shapes[1]), f32(*shapes[2]))
        group.case(lambda x, a, b: getattr(x, name)(b, a), *(f32(*shape) for shape in shapes)) if name != "addr" else None
        group.case(lambda x, a, b, g: t.grad(getattr(x, name)(a.mul(a), b.mul(b)), [x, a, b], g), *(f32(*shape) for shape in shapes), f32(*shapes[0]), chain=False)
    group.case(lambda x, a, v: x.addmv(a, v), f32(3), f32(3, 0), f32(0))
    group.case(lambda x, a, b: x.addbmm(a, b), f32(3, 4), f32(0, 3, 5), f32(0, 5, 4))
    group.case(lambda a, b: a.cross(b), f32(2, 2), f32(2, 2))
    group.case(lambda a, b: t.cross(a, b, dim=0), f32(2, 3), f32(2, 3))
    group.case(lambda a, b, g: t.grad(a.mul(a).cross(b.mul(b)), [a, b], g), f32(2, 3), f32(2, 3), f32(2, 3), chain=False)
    for args in ((0, 1, 5), (0, 1, 1), (0, 1, 0), (-3, 7, 7), (1, 0, 4), (0.1, 0.9, 50)):
        group.case(lambda: t.linspace(*args))
        group.case(lambda: t.linspace(*args, dtype=torch.float64))
        group.case(lambda: t.logspace(*args))
        group.case(lambda: t.logspace(*args, base=2))
    group.case(lambda: t.linspace(0, 10, 4, dtype=torch.int64))
    group.case(lambda: t.linspace(3, 10, 5, dtype=torch.uint8))
    group.case(lambda: t.logspace(0, 3, 4, dtype=torch.int64))
    group.case(lambda: t.linspace(0, 1, -1))
    for make in (f32, i64):
        group.case(lambda a: t.fill(a, 2), make(2, 3))
        group.case(lambda a, b: t.fill(a, b), make(2, 3), make())
        group.case(lambda a, b: a.mul(2).fill_(b), make(2, 3), make())
    group.case(lambda a, b: t.fill(a, b), f32(2, 3), f32(1))


def write():
    group = Group("scattering")
    scattering(group)
    borders(group)
    others(group)
    group.write()
