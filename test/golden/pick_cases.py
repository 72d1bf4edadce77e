"""Picking elements where a mask or a list of indices says, and what has as many elements as the numbers decide."""
import torch
from recorder import DTYPES, Group, bools, const, f32, f64, i64, labels, lit, maker, t

ROWS = lit([True, False, True], torch.bool)
COLUMNS = lit([False, True, True, False], torch.bool)


def chosen(group):
    for dtype in DTYPES:
        group.case(lambda a: a.nonzero(), maker(dtype, requires_grad=False)(3, 4))
        group.case(lambda a: a.argwhere(), maker(dtype, requires_grad=False)(2, 3, 2))
        group.case(lambda a, m: a.masked_select(m), maker(dtype)(3, 4), bools(3, 4))
        group.case(lambda a, m: a[m], maker(dtype)(3, 4), bools(3, 4))
    for shape in ((), (0,), (3, 0), (1, 1)):
        group.case(lambda a: a.nonzero(), bools(*shape))
        group.case(lambda a: a.argwhere(), bools(*shape))
        group.case(lambda a, m: a.masked_select(m), f32(*shape), bools(*shape))
        group.case(lambda a, m: a[m], f32(*shape), bools(*shape))
    group.case(lambda a: a.gt(0).nonzero(), const(3, 4))
    group.case(lambda a: a.nonzero(), lit([0.0, float("nan"), -0.0, 1.0], requires_grad=False))
    group.case(lambda a: a.nonzero(as_tuple=True), i64(3, 4))
    group.case(lambda a: a.nonzero(as_tuple=True), lit(2, torch.int64))
    group.case(lambda a: t.where(a.gt(0)), const(3, 4))
    for shapes in (((3, 4), (4,)), ((4,), (3, 4)), ((), (3,)), ((3, 1), (1, 4)), ((2, 3), ())):
        group.case(lambda a, m: a.masked_select(m), f32(*shapes[0]), bools(*shapes[1]))
    group.case(lambda a, m: a.mul(2).masked_select(m).exp(), f64(3, 4), bools(3, 4))
    group.case(lambda a, m: a.masked_select(m), f32(3, 4), i64(3, 4))
    group.case(lambda a, m: a.masked_select(m), f32(3, 4), bools(3))
    group.case(lambda a, m, g: t.grad(a.mul(a).masked_select(m).exp().sum(), [a], g), f32(3, 4), bools(3, 4), f32(), chain=False)


def masks(group):
    group.case(lambda a, m: a[m], f32(3, 4), ROWS)
    group.case(lambda a, m: a[:, m], f32(3, 4), COLUMNS)
    group.case(lambda a, m: a[m], f32(3, 4, 2), bools(3, 4))
    group.case(lambda a, m: a[:, m], f32(2, 3, 4), bools(3, 4))
    group.case(lambda a, m: a[..., m], f32(2, 3, 4), bools(4))
    group.case(lambda a, m: a[0, m], f32(3, 4), COLUMNS)
    group.case(lambda a, m: a[m, 1], f32(3, 4), ROWS)
    group.case(lambda a, m, n: a[m, n], f32(3, 4), ROWS, COLUMNS)
    group.case(lambda a, m, i: a[m, i], f32(3, 4), ROWS, lit([1, -1], torch.int64))
    group.case(lambda a, m, i: a[m, :, i], f32(3, 4, 2), ROWS, lit([1, 0], torch.int64))
    group.case(lambda a, m: a[None, m], f32(3, 4), ROWS)
    group.case(lambda a, m: a[m], f32(3, 4), lit(True, torch.bool))
    group.case(lambda a, m: a[m], f32(3, 4), lit(False, torch.bool))
    group.case(lambda a, m: a[m], f32(3, 4), lit([1, 0, 1], torch.uint8))
    group.case(lambda a, m: a[m], f32(3, 4), lit([True, False], torch.bool))
    group.case(lambda a, m: a[m], f32(3, 4), lit([[True, False]], torch.bool))
    group.case(lambda a, m: a[m], f32(3), bools(3, 2))
    group.case(lambda a: a[a.gt(0)], f32(3, 4))
    group.case(lambda a: a[a.gt(100)], f32(3, 4))
    group.case(lambda a: a.mul(2)[a.gt(0)].sum(), f64(3, 4))
    group.case(lambda a, m: a.t()[m], f32(3, 4), COLUMNS)


def put(a, items, value):
    b = a.mul(1)
    b[items] = value
    return b


def assigned(group):
    for dtype in DTYPES:
        group.case(lambda a, m: put(a, m, 0), maker(dtype)(3, 4), bools(3, 4))
        group.case(lambda a, i, v: put(a, i, v), maker(dtype)(3, 4), labels(3, 1), maker(dtype)(4))
    group.case(lambda a, m: put(a, m, 1.5), f32(3, 4), ROWS)
    group.case(lambda a, m: put(a, (slice(None), m), -1.0), f32(3, 4), COLUMNS)
    group.case(lambda a, m: put(a, (0, m), 2.0), f32(3, 4), COLUMNS)
    group.case(lambda a, m, v: put(a, m, v), f32(3, 4), ROWS, f32(2, 4))
    group.case(lambda a, m, v: put(a, m, v), f32(3, 4), ROWS, f32(4))
    group.case(lambda a, m, v: put(a, m, v.sum()), f32(3, 4), ROWS, f32(2))
    group.case(lambda a, m: put(a, m, 3.0), f32(3, 4), lit(True, torch.bool))
    group.case(lambda a, m: put(a, m, 3.0), f32(3, 4), lit([False, False, False], torch.bool))
    group.case(lambda a: put(a, a.gt(0), 0.0), f32(3, 4))
    group.case(lambda a: put(a, a.gt(0), a[a.gt(0)]), f32(3, 4))
    for i in (lit([0, 2], torch.int64), lit([-1, 0], torch.int64), lit(1, torch.int64), lit([[0, 2]], torch.int64)):
        group.case(lambda a, i: put(a, i, 1.0), f32(3, 4), i)
        group.case(lambda a, i, v: put(a, i, v), f32(3, 4), i, f32(4))
        group.case(lambda a, i: put(a, (slice(None), i), 1.0), f32(3, 4), i)
        group.case(lambda a, i: put(a, (slice(1, None), i), 1.0), f32(3, 4), i)
    group.case(lambda a, i, v: put(a, i, v), f32(3, 4), lit([0, 2], torch.int64), f32(2, 4))
    group.case(lambda a, i, v: put(a, i, v), f32(3, 4), lit([0, 2], torch.int64), f32(1, 1, 2, 4))
    group.case(lambda a, i, v: put(a, (0, i), v), f32(3, 4), lit([0, 2], torch.int64), f32(1, 2))
    group.case(lambda a, i, j, v: put(a, (i, j), v), f32(3, 4), lit([0, 2], torch.int64), lit([1, -1], torch.int64), f32(2))
    group.case(lambda a, i, j, v: put(a, (i, slice(None), j), v), f32(3, 4, 2), lit([[0], [2]], torch.int64), lit([1, 0, 1], torch.int64), f32(2, 3, 4))
    group.case(lambda a, i, j, v: put(a, (slice(None), i, j), v), f64(2, 3, 4), lit([[0], [2]], torch.int64), lit([1, 0], torch.int64), f64(2, 2))
    group.case(lambda a, i, v: put(a, i, v), f32(3, 4), lit([0, 2], torch.int64), f32(3, 4))
    group.case(lambda a, i, v: put(a, i, v), f32(3, 4), lit([0, 2], torch.int64), f64(2, 4))
    group.case(lambda a, i: put(a, i, 1.0), f32(3, 4), lit([0, 3], torch.int64))
    group.case(lambda a, i: put(a, i, 1.0), f32(3, 4), lit([0.0, 3.0], requires_grad=False))
    for make in (f32, f64, i64):
        for accumulate in (False, True):
            i = lit([0, 2, 0] if accumulate else [0, 2, 1], torch.int64)
            group.case(lambda a, i, v: a.index_put((i,), v, accumulate), make(3, 4), i, make(3, 4))
            group.case(lambda a, i, j, v: a.index_put((i, j), v, accumulate=accumulate), make(3, 4), i, lit([1, 3, 1], torch.int64), make(3))
            group.case(lambda a, i, v: a.mul(1).index_put_((i,), v, accumulate=accumulate), make(3, 4), i, make(4))
            group.case(lambda a, m, v: a.index_put((m,), v, accumulate), make(3, 4), bools(3, 4), make())
    group.case(lambda a, i, v, g: t.grad(a.mul(a).index_put((i,), v.mul(v)), [a, v], g), f32(3, 4), lit([0, 2], torch.int64), f32(2, 4), f32(3, 4), chain=False)
    for make in (f32, f64):
        group.case(lambda a, m, v: a.masked_fill(m, v), make(3, 4), bools(3, 4), make())
        group.case(lambda a, m, v: a.mul(2).masked_fill_(m, v.mul(3)), make(3, 4), bools(4), make())
    group.case(lambda a, m, v: a.masked_fill(m, v), i64(3, 4), bools(3, 4), i64())
    group.case(lambda a, m, v: a.masked_fill(m, v), f32(3, 4), bools(3, 4), f32(4))
    group.case(lambda a, m, b: t.where(m, a, b), f32(3, 4), bools(3, 4), f32(4))


def repeated(group):
    for shape in ((3, 4), (3,), (), (0, 2), (2, 3, 2)):
        group.case(lambda a: a.repeat_interleave(2), f32(*shape))
        for dim in (0, -1, 1):
            group.case(lambda a: a.repeat_interleave(3, dim=dim), f32(*shape))
    counts = lit([1, 0, 2], torch.int64)
    group.case(lambda a, r: a.repeat_interleave(r, dim=0), f32(3, 4), counts)
    group.case(lambda a, r: a.repeat_interleave(r, 0, output_size=3), f32(3, 4), counts)
    group.case(lambda a, r: a.repeat_interleave(r, dim=-1), f64(2, 3), counts)
    group.case(lambda a, r: a.repeat_interleave(r), f32(3), counts)
    group.case(lambda a, r: a.repeat_interleave(r, 0), i64(3, 4), lit([2], torch.int64))
    group.case(lambda a, r: a.repeat_interleave(r, 0), i64(3, 4), lit(2, torch.int32))
    group.case(lambda r: t.repeat_interleave(r), counts)
    group.case(lambda r: t.repeat_interleave(r), lit([2, 0, 1], torch.int32))
    group.case(lambda a, r: a.repeat_interleave(r, 0), f32(3, 4), lit([1, 2], torch.int64))
    group.case(lambda a, r: a.repeat_interleave(r, 0), f32(3, 4), lit([1, -2, 1], torch.int64))
    group.case(lambda a, r: a.repeat_interleave(r, 0), f32(3, 4), lit([1.0, 2.0, 1.0], requires_grad=False))
    group.case(lambda a: a.repeat_interleave(-1), f32(3))


def write():
    group = Group("picking")
    chosen(group)
    masks(group)
    assigned(group)
    repeated(group)
    group.write()
