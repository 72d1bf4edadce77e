"""Views, joins, indexing, gathering, new tensors, and changes in place, through views and not."""
import torch
from recorder import DTYPES, Group, bools, const, f32, f64, i32, i64, labels, lit, maker, t


def views(group):
    for shape in ((2, 3, 4), (6, 4), (24,), (0, 4)):
        for sizes in ((-1,), (4, -1), (2, -1, 2), (-1, 1)):
            group.case(lambda a: a.view(*sizes), f32(*shape))
            group.case(lambda a: a.reshape(sizes), f32(*shape))
            group.case(lambda a: a.mul(2).view(sizes).exp(), f32(*shape))
    for sizes in ((), (1,), (1, 1), (-1,)):
        group.case(lambda a: a.reshape(sizes), f32())
        group.case(lambda a: a.view(sizes), f32(1))
    for sizes in ((5, -1), (-1, -1), (0, -1), (2, 3, 5), (-2, 12)):
        group.case(lambda a: a.view(sizes), f32(2, 3, 4))
    group.case(lambda a, b: a.view_as(b), f32(2, 6), f32(3, 4))
    for shape in ((2, 3, 4), (3, 1, 2), (5,), (), (2, 0, 3)):
        for start in range(-len(shape), len(shape)):
            for end in range(-len(shape), len(shape)):
                group.case(lambda a: a.flatten(start, end), f32(*shape))
        group.case(lambda a: a.flatten(), f32(*shape))
        group.case(lambda a: a.squeeze(), f32(*shape))
        for dim in range(-len(shape) - 2, len(shape) + 2):
            group.case(lambda a: a.unsqueeze(dim), f32(*shape))
            group.case(lambda a: a.squeeze(dim), f32(*shape))
        for first in range(-len(shape), len(shape)):
            group.case(lambda a: a.transpose(first, 0), f32(*shape))
            group.case(lambda a: a.transpose(-1, first), f32(*shape))
    group.case(lambda a: a.flatten(start_dim=1), f32(2, 3, 4))
    group.case(lambda a: a.flatten(end_dim=-2), f32(2, 3, 4))
    group.case(lambda a: a.squeeze(), f32(1, 3, 1, 2, 1))
    for dims in ((0, 1, 2), (2, 1, 0), (1, -1, 0), (-1, 0, 1), (0, 1), (0, 0, 1), (0, 1, 3)):
        group.case(lambda a: a.permute(*dims), f32(2, 3, 4))
        group.case(lambda a: a.permute(dims).exp(), f32(2, 3, 4))
    for shape in ((2, 3), (3,), (), (2, 3, 4)):
        group.case(lambda a: a.t(), f32(*shape))
    for shape, sizes in (
        ((3, 1), (3, 4)), ((3, 1), (-1, 4)), ((1, 3), (2, -1, -1)), ((), (2, 3)), ((1,), (0,)), ((2, 3), (2, 3)),
        ((3,), (3, 4)), ((3, 1), (4, 4)), ((2,), (-1, 2)), ((1, 1), (3, 2)), ((4, 1, 2), (2, 4, 3, 2)),
    ):  # fmt: skip
        group.case(lambda a: a.expand(*sizes), f32(*shape))
        group.case(lambda a: a.expand(sizes).exp(), f32(*shape))
    group.case(lambda a, b: a.expand_as(b), f32(3, 1), f32(2, 3, 4))
    for dtype in DTYPES:
        group.case(lambda a: a.t().unsqueeze(0).expand(2, 3, 2), maker(dtype)(2, 3))
    # Without strides a reshape of what is not contiguous shares its numbers too: PyTorch copies, so the chain differs.
    group.case(lambda a: a.t().reshape(-1), f32(2, 3), chain=False)
    group.case(lambda a: a.transpose(0, 1).flatten(1), f32(2, 3, 2), chain=False)
    group.case(lambda a: a.expand(2, 3).reshape(6), f32(3), chain=False)


def joins(group):
    for dim in (0, 1, -1, -2, 2):
        group.case(lambda a, b: t.cat([a, b], dim=dim), f32(2, 3), f32(2, 3))
        group.case(lambda a, b: t.stack([a, b], dim=dim), f32(2, 3), f32(2, 3))
        group.case(lambda a, b, c: t.stack([a, b, c, a], dim=dim), f32(2, 3), const(2, 3), f64(2, 3))
        group.case(lambda a, b: t.cat([a, b], dim), f32(2, 1), f32(2, 3))
        group.case(lambda a, b: t.cat([a, b], dim), f32(1, 3), f32(2, 3))
    group.case(lambda a, b, c: t.cat([a, b, c]), f32(1), const(2), f32(3))
    group.case(lambda a, b: t.cat([a, a, b]), f32(2, 2), f32(0, 2))
    group.case(lambda a, b: t.cat([a, b]), f32(2), f32())
    group.case(lambda a: t.cat([a]), f32(2, 3))
    group.case(lambda a, b: t.stack([a, b]), f32(), f32())
    group.case(lambda a, b: t.stack([a, b]), f32(2), f32(3))
    group.case(lambda a, b: t.cat([a, b]), f32(2, 3), f32(2, 2, 3))
    for left in DTYPES:
        for right in DTYPES:
            group.case(lambda a, b: t.cat([a, b]), maker(left)(2), maker(right)(3))
            group.case(lambda a, b: t.stack([a, b]), maker(left)(), maker(right)())


def indexing(group):
    new = None
    items = [
        0, -1, 4, -5, (0, 1), (-1, -2, -3), (0, 0, 0, 0), slice(None), slice(1, None), slice(None, -1), slice(0, 4, 2), slice(1, 3),
        slice(None, None, 3), slice(3, 1), slice(-2, None), slice(10, 20), (slice(None), 1), (slice(None), slice(1, 3)),
        (..., 0), (0, ...), (..., slice(0, 2)), (0, ..., 1), ..., new, (new, 0), (0, new), (slice(None), new, 2), (..., new),
        (new, ..., new), (slice(1, 3), 0, slice(None, None, 2)), (slice(None), slice(None), slice(1, 2)), (1, slice(None), -1),
        (slice(-100, 100), slice(0, 0)), (slice(None, None, 4), ..., new, slice(1, None, 2)),
    ]  # fmt: skip
    for item in items:
        group.case(lambda a: a[item], f32(4, 3, 2))
        group.case(lambda a: a.mul(2)[item].exp(), f32(4, 3, 2))
    for item in (0, slice(1, 3), ..., new):
        group.case(lambda a: a[item], i64(4))
        group.case(lambda a: a[item], f32())
        group.case(lambda a: a[item], bools(4, 2))
    group.case(lambda a, i: a[i], f32(4, 3), labels(4, 5))
    group.case(lambda a, i: a[i], f32(4, 3), labels(4, 2, 3))
    # PyTorch looks at the number and selects; a lazy index is not known yet.
    group.case(lambda a, i: a[i], f32(4), labels(4), chain=False)
    group.case(lambda a: a[0:4], f32(4, 3))
    group.case(lambda a: a[0:4, 0], f32(4, 3))
    group.case(lambda a: a[0:9, 0:3], f32(4, 3))
    group.case(lambda a, i: a[:, i], f32(2, 4), labels(4, 3))
    group.case(lambda a, i: a[..., i], f32(2, 3, 4), labels(4, 2))
    group.case(lambda a, i: a[1:, i], f32(3, 4), labels(4, 3))
    group.case(lambda a, i: a[i, 1:], f32(3, 4), labels(3, 2))
    group.case(lambda a, i: a[i], f32(4, 2), lit([-1, 0, -4, 3, 3], torch.int64))
    group.case(lambda a, i: a[i].exp(), f64(4, 2), labels(4, 6))
    group.case(lambda a, i: a[i], i64(4, 2), labels(4, 3))
    group.case(lambda a, i: a[i], f32(4, 2), f32(3))
    pairs = (labels(3, 4), labels(3, 4))
    group.case(lambda a, i, j: a[i, j], f32(3, 3), *pairs)
    group.case(lambda a, i, j: a[i, j].exp(), f64(4, 3, 2), *pairs)
    group.case(lambda a, i, j: a[i, j], i64(3, 4), *pairs)
    group.case(lambda a, i, j: a[:, i, j], f32(2, 3, 3), *pairs)
    group.case(lambda a, i, j: a[i, :, j], f32(3, 2, 3), *pairs)
    group.case(lambda a, i, j: a[..., i, 1:, j], f32(2, 3, 2, 3), *pairs)
    group.case(lambda a, i, j: a[0, i, j], f32(2, 3, 3), *pairs)
    group.case(lambda a, i, j: a[i, new, j], f32(3, 3), *pairs)
    group.case(lambda a, i, j: a[:, i, j, :1], f32(2, 3, 3, 2), labels(3, 2, 1), labels(3, 4))
    group.case(lambda a, i, j: a[i, j], f32(3, 3), labels(3, 2, 1), labels(3, 3))
    group.case(lambda a, i, j: a[i, j], f32(3, 3), lit([-1, 0, -3], torch.int64), lit([2, -1, 0], torch.int64))
    group.case(lambda a, i, j, k: a[i, j, k], f32(3, 3, 3), *pairs, labels(3, 4))
    group.case(lambda a, i, j: a[i, j], f32(3, 3), labels(3, 4), labels(3, 3))
    group.case(lambda a, i, j, g: t.grad(a.exp()[i, j], [a], g), f64(3, 3), *pairs, f64(4), chain=False)
    for args in ((0, 1, 3), (1, None, None, 2), (-1, -1), (0, -3, -1), (2, 1, 1), (1, 0, 3), (3, 0, 1)):
        group.case(lambda a: a.slice(*args), f32(4, 3, 2))
    for args in ((0, 0, 2), (1, 1, 2), (-1, 0, 1), (0, 3, 1), (0, 3, 2), (1, -2, 2), (2, 0, 0), (0, -1, 2)):
        group.case(lambda a: a.narrow(*args), f32(4, 3, 2))
    for dim, index in ((0, 1), (1, -1), (-1, 0), (2, 1), (0, 4), (3, 0), (1, -4)):
        group.case(lambda a: a.select(dim, index), f32(4, 3, 2))


def gathers(group):
    for dim, shape in ((0, (3, 2)), (1, (2, 5)), (-1, (4, 1)), (0, (1, 3)), (1, (4, 0))):
        size = (4, 3)[dim]
        group.case(lambda a, i: a.gather(dim, i), f32(4, 3), labels(size, *shape))
        group.case(lambda a, i: a.gather(dim, i).mul(2), f64(4, 3), labels(size, *shape))
        group.case(lambda a, i: a.gather(dim, i), i64(4, 3), labels(size, *shape))
        group.case(lambda a, i, b: a.scatter_add(dim, i, b), f32(4, 3), labels(size, *shape), f32(*shape))
        group.case(lambda a, i, b: a.scatter_add(dim, i, b), f32(4, 3), labels(size, *shape), f32(5, 5))
        group.case(lambda a, i, b: a.scatter_add(dim, i, b), const(4, 3), labels(size, *shape), f32(*shape))
        group.case(lambda a, i, b: a.mul(1).scatter_add_(dim, i, b), f32(4, 3), labels(size, *shape), f32(*shape))
    group.case(lambda a, i: a.gather(0, i), f32(4, 3), labels(3, 2))
    group.case(lambda a, i: a.gather(0, i), f32(4), labels(4, 7))
    group.case(lambda a, i: a.gather(2, i), f32(2, 3, 4), labels(4, 1, 2, 5))
    group.case(lambda a, i: a.gather(1, i), f32(2, 3, 4), labels(3, 2, 1, 4))
    group.case(lambda a, i: a.gather(1, i), f32(4, 3), f32(4, 3))
    group.case(lambda a, i, b: a.scatter_add(1, i, b), f32(2, 3, 2), labels(3, 2, 4, 1), f32(2, 4, 2))
    for dim in (0, 1, -1, 2):
        group.case(lambda a, i: a.index_select(dim, i), f32(3, 3, 3), labels(3, 4))
        group.case(lambda a, i: a.index_select(dim, i).exp(), f64(3, 3), labels(3, 2))
    group.case(lambda a, i: a.index_select(0, i), f32(4, 2), maker(torch.int32, kind="below4")(3))
    group.case(lambda a, i: a.index_select(0, i), f32(4, 2), labels(4))
    group.case(lambda a, i: a.index_select(0, i), f32(4, 2), labels(4, 2, 2))


def creation(group):
    for dtype in DTYPES:
        group.case(lambda: t.zeros([2, 3], dtype=dtype))
        group.case(lambda: t.ones([3], dtype=dtype))
        group.case(lambda: t.full([2], 2, dtype=dtype))
        group.case(lambda: t.arange(0, 5, 1, dtype=dtype)) if dtype != torch.bool else None
        group.case(lambda: t.eye(3, dtype=dtype))
        group.case(lambda: t.tensor([[1, 0], [2, 3]], dtype=dtype))
        group.case(lambda a: (t.zeros_like(a), t.ones_like(a), t.full_like(a, 2)), maker(dtype)(2, 2))
        group.case(lambda a: t.zeros_like(a, dtype=torch.int64), maker(dtype)(2, 2))
    for shape in ([], [0], [2, 0, 3], [1], [2, -1]):
        group.case(lambda: t.zeros(shape))
        group.case(lambda: t.ones(shape))
        group.case(lambda: t.full(shape, 1.5))
    group.case(lambda: (t.full([2], 3), t.full([2], 0.5), t.full([], float("inf")), t.full([1], float("nan"))))
    for args in ((5,), (2, 5), (0, 5, 2), (5, 0, -2), (0.5, 2), (0, 1, 0.25), (3, 3), (0,), (-2, 2), (1, 2, 0.3), (5, 0), (0, 5, 0)):
        group.case(lambda: t.arange(*args))
    group.case(lambda: t.arange(5, dtype=torch.float32))
    for args in ((0,), (1,), (2, 3), (3, 2), (2, 0)):
        group.case(lambda: t.eye(*args))
    for data in ([], [[]], 3, 2.5, True, [True, False], [1, 2], [1.5, 2], [[1.5], [2]], [[[1]]], [[1, 2], [3]]):
        group.case(lambda: t.tensor(data))


def put(value, items, new):
    value[items] = new
    return value


def inplace(group):
    for name in ("add", "sub", "mul", "div", "pow"):
        for number in (2, 0.5):
            group.case(lambda a: getattr(a.mul(1), name + "_")(number), f32(2, 3))
            group.case(lambda a: getattr(a.clone(), name + "_")(number), i64(3))
        for shape in ((2, 3), (3,), (), (4, 2, 3)):
            call = lambda a, b, name=name: getattr(a.clone(), name + "_")(b)
            group.case(call, maker(torch.float32, kind="positive")(2, 3), f32(*shape))
            group.case(call, const(2, 3, kind="positive"), f32(*shape))
            group.case(call, maker(torch.float32, kind="positive")(2, 3), const(*shape))
        group.case(lambda a, b: (getattr(a, name + "_")(b), a), const(2, 3), const(3))
        for dtype in DTYPES:
            group.case(lambda a, b: getattr(a.clone(), name + "_")(b), maker(dtype, kind="below3")(3), i64(3))
            group.case(lambda a, b: getattr(a.clone(), name + "_")(b), i64(3), maker(dtype, kind="below3")(3))
    group.case(lambda a, b: a.clone().add_(b, alpha=0.5), f32(2, 3), f32(3))
    group.case(lambda a, b: a.clone().sub_(b, alpha=2), f32(2, 3), f32(3))
    for name in ("neg", "abs", "sign", "exp", "log", "log1p", "sqrt", "rsqrt", "reciprocal", "sin", "cos", "tanh", "sigmoid", "floor", "ceil", "round", "relu", "square", "zero"):
        group.case(lambda a: getattr(a.clone(), name + "_")(), maker(torch.float32, kind="positive")(2, 3))
        group.case(lambda a: getattr(a.clone(), name + "_")(), const(2, 3, kind="positive"))
        group.case(lambda a: getattr(a.mul(2).exp(), name + "_")().mul(3), maker(torch.float64, kind="unit")(4))
    group.case(lambda a: a.clone().exp_(), i64(3))
    group.case(lambda a: a.clone().clamp_(-0.5, 0.5), f32(6))
    group.case(lambda a: a.clone().fill_(2.5), f32(2, 2))
    group.case(lambda a, m: a.clone().masked_fill_(m, 9), f32(2, 3), bools(3))
    for dtype in DTYPES:
        group.case(lambda a, b: a.clone().copy_(b), f32(2, 3), maker(dtype)(3))
        group.case(lambda a, b: a.clone().copy_(b), maker(dtype)(2, 3), f32(2, 1))
    group.case(lambda a, b: a.clone().copy_(b), f32(3), f32(2, 3))
    group.case(lambda a, b, c: a.clone().addmm_(b, c), f32(2, 4), f32(2, 3), f32(3, 4))
    group.case(lambda a, b, c: a.clone().addmm_(b, c, beta=0.5, alpha=2), f32(2, 4), f32(2, 3), f32(3, 4))
    group.case(lambda a, b, c: a.clone().addmm_(b, c), f32(4), f32(2, 3), f32(3, 4))
    group.case(lambda a: a.add_(1), f32(2))
    group.case(lambda a: a[0].add_(1), f32(2))
    group.case(lambda a: a.expand(2, 3).clone().add_(1), f32(3))
    group.case(lambda a: a.clone().expand(2, 3).add_(1), f32(3))


def through_views(group):
    """Changes through a view show in its base and in all other views, and so do their gradients."""

    def change(a, b, view, act):
        base = a.mul(2)
        part = view(base)
        act(part, b)
        return base

    chosen = {
        "select": lambda x: x[0], "row": lambda x: x[:, 1], "slice": lambda x: x[1:3], "steps": lambda x: x[::2, 1:],
        "view": lambda x: x.view(-1), "transposed": lambda x: x.t(), "permuted": lambda x: x.permute(1, 0),
        "deep": lambda x: x.view(2, 2, 3)[1].t()[1:], "narrow": lambda x: x.narrow(1, 0, 2), "unsqueezed": lambda x: x.unsqueeze(1),
        "flat": lambda x: x.flatten()[3:7], "newaxis": lambda x: x[None, 2:, None, 0],
    }  # fmt: skip
    for view in chosen.values():
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.mul_(b)), f32(4, 3), f32())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.add_(b)), f32(4, 3), const())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.copy_(b)), f32(4, 3), f32())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.exp_()), f64(4, 3), f64())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.zero_()), f32(4, 3), const())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.mul_(b)), const(4, 3), f32())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.mul_(b).add_(part)), f32(4, 3), f32())
        group.case(lambda a, b: change(a, b, view, lambda part, b: part.fill_(3)), i64(4, 3), f32())
    for items in (0, (slice(None), 1), slice(1, 3), (slice(None, None, 2), slice(1, None)), ..., (-1, -1), (None, 0)):
        group.case(lambda a, b: put(a.mul(2), items, b), f32(4, 3), f32())
        group.case(lambda a: put(a.mul(2), items, 1.5), f32(4, 3))
        group.case(lambda a: put(a.mul(2), items, 2), i64(4, 3))
        group.case(lambda a, b: put(a.clone(), items, b), const(4, 3), f32())
    group.case(lambda a, b: put(a.mul(2), slice(1, 3), b), f32(4, 3), f32(3))
    group.case(lambda a, b: put(a.mul(2), slice(1, 3), b), f32(4, 3), f32(2, 1))
    group.case(lambda a, b: put(a.mul(2), 0, b), f32(4, 3), f64(3))
    group.case(lambda a, b: put(a.mul(2), 0, b), f32(4, 3), f32(4))

    def seen_elsewhere(a, b):
        base = a.mul(2)
        row, column = base[1], base[:, 2]
        row.mul_(b)
        return base.sum(), row.clone(), column.clone()

    group.case(seen_elsewhere, f32(4, 3), f32(3))

    def base_changed(a, b):
        base = a.mul(2)
        row = base[1]
        base.mul_(b)
        return row.exp(), base

    group.case(base_changed, f32(4, 3), f32(3))

    def twice(a, b):
        base = a.mul(2)
        base[0].mul_(b)
        base[:, 1].add_(b[0])
        return base.exp()

    group.case(twice, f32(4, 3), f32(3))

    def detached(a, b):
        base = a.mul(2)
        base.detach().zero_()
        return base.add(b)

    group.case(detached, f32(4, 3), f32(3))


def write():
    for name, fill in {
        "views": views, "joins": joins, "indexing": indexing, "gather": gathers, "creation": creation, "in-place": inplace,
        "through-views": through_views,
    }.items():  # fmt: skip
        group = Group(name)
        fill(group)
        group.write()
