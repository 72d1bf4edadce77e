"""Elements in another order, parts of tensors, stacks and grids, diagonals and triangles."""
import torch
from recorder import DTYPES, Group, bools, const, f32, f64, i64, labels, maker, t


def arranging(group):
    for dims in ((0,), (1,), (-1, 0), (0, 1, 2), (), (0, 0), (3,)):
        group.case(lambda a: a.flip(dims), f32(2, 3, 4))
    for shape in ((2, 3), (3,), (2, 3, 2), (), (0, 2)):
        for name in ("fliplr", "flipud"):
            group.case(lambda a: getattr(a, name)(), f32(*shape))
        for args in ((1,), (-2,), (4, 0), ((1, 2), (0, 1)), ((1, 2), (1,)), ((), ()), (1, -1)):
            group.case(lambda a: a.roll(*args), f32(*shape))
        for args in ((), (2,), (3,), (-1,), (1, (1, 0)), (1, (0, -1)), (1, (0, 0)), (1, (0,)), (4,)):
            group.case(lambda a: a.rot90(*args), f32(*shape))
        for args in ((2,), (2, 3), (1, 2, 3), (2, 0, 1), (1, 1, 2, 2)):
            group.case(lambda a: a.repeat(*args), f32(*shape))
            group.case(lambda a: a.tile(args), f32(*shape))
        for args in ((0, 1), (-1, 0), ((0, 1), (1, 0)), ((0, 2), (1, 0)), (0, (1, 2)), ((0, 0), (0, 1))):
            group.case(lambda a: a.movedim(*args), f32(*shape))
    for dtype in DTYPES:
        group.case(lambda a: a.flip(0).roll(1).repeat(2, 1).rot90(), maker(dtype)(2, 3))
    group.case(lambda a: a.repeat(2, -1), f32(2, 3))
    group.case(lambda a, b: a.reshape_as(b), f32(2, 6), f32(3, 4))
    group.case(lambda a: a.swapaxes(0, -1), f32(2, 3, 4))
    for shape in ((2, 3), (), (4,)):
        group.case(lambda a: a.ravel(), f32(*shape))
    for dim, sizes in ((0, (2, 3)), (1, (2, -1)), (-1, (1, 4)), (0, (4, -1)), (0, (7,)), (2, (1,))):
        group.case(lambda a: a.unflatten(dim, sizes), f32(6, 4))


def splitting(group):
    first = lambda parts, i: parts[i] if isinstance(parts, tuple) else parts
    for dim in (0, 1, -1, 3):
        for i in (0, -1):
            group.case(lambda a: a.unbind(dim)[i], f32(2, 3, 4))
            group.case(lambda a: a.split(2, dim)[i], f32(3, 5, 4))
            group.case(lambda a: a.split((1, 2), dim)[i], f32(3, 3, 3))
            group.case(lambda a: a.split_with_sizes((3, 0), dim)[i], f32(3, 3, 3))
            group.case(lambda a: a.chunk(2, dim)[i], f32(3, 5, 4))
            group.case(lambda a: a.chunk(7, dim)[i].exp(), f32(3, 5, 4))
            group.case(lambda a: a.tensor_split(2, dim)[i], f32(3, 5, 4))
            group.case(lambda a: a.tensor_split((1, 2), dim)[i], f32(3, 5, 4))
    for name in ("hsplit", "vsplit", "dsplit"):
        for at in (2, (1, 3), 3):
            for shape in ((4, 4, 2), (4, 4), (4,), ()):
                group.case(lambda a: getattr(a, name)(at)[0], f32(*shape))
    for name, options in (("unbind", (1,)), ("split", (2, 1)), ("split", ((1, 2), 1)), ("chunk", (2, 1))):
        group.case(lambda a: tuple(getattr(a, name)(*options)), f32(2, 3))
        group.case(lambda a: t.mul(*getattr(a.exp(), name)(*options)[:2]), f32(2, 4) if options[0] != (1, 2) else f32(2, 3))
        group.case(lambda a: getattr(a, name)(*options)[1], f32(2, 3))
    group.case(lambda a: a.split(0)[0], f32(2))
    group.case(lambda a: a.split(-1)[0], f32(2))
    group.case(lambda a: a.chunk(0)[0], f32(2))
    group.case(lambda a: a.chunk(3)[2], f32(0, 2))
    group.case(lambda a: a.unbind()[0], f32())
    group.case(lambda a: a.split((1, 2))[0], f32(4))


def stacking(group):
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        for shape in ((), (3,), (2, 3), (2, 3, 2), (2, 1, 1, 2)):
            group.case(lambda a: getattr(t, name)(a), f32(*shape))
    for name in ("hstack", "vstack", "dstack", "column_stack"):
        for shape in ((), (3,), (2, 3), (2, 3, 2)):
            group.case(lambda a, b: getattr(t, name)([a, b]), f32(*shape), f32(*shape))
        group.case(lambda a, b: getattr(t, name)([a, b]), f32(3), f32(2))
        group.case(lambda a, b: getattr(t, name)([a, b]), f32(3), i64(3))
    group.case(lambda a: a.broadcast_to((2, 3)), f32(3))
    group.case(lambda a: a.broadcast_to((2, 4)), f32(3))
    group.case(lambda a, b: t.broadcast_tensors(a, b), f32(3, 1), f32(2))
    group.case(lambda a, b: t.broadcast_tensors(a, b), f32(3), f32(2))
    for indexing in ("ij", "xy"):
        group.case(lambda a, b: t.meshgrid([a, b], indexing=indexing), f32(3), f32(2))
        group.case(lambda a, b, c: t.meshgrid([a, b, c], indexing=indexing), f32(3), f32(), f32(2))
    group.case(lambda a, b: t.meshgrid([a, b], indexing="ij"), f32(3, 2), f32(2))
    group.case(lambda a, b: t.cartesian_prod(a, b), f32(3), f32(2))
    group.case(lambda a: t.cartesian_prod(a), f32(3))
    for dim in (0, 1, -1):
        group.case(lambda a, i: a.take_along_dim(i, dim), f32(3, 3), labels(3, 3, 1))
        group.case(lambda a, i: a.take_along_dim(i, dim), f32(3, 3), labels(3, 1, 3))
        for n in (0, 1, 2, 5):
            group.case(lambda a: a.diff(n, dim), f32(3, 4), chain=n > 0)
    group.case(lambda a, i: a.take_along_dim(i), f32(3, 3), labels(9, 4))
    for make in (f64, i64, bools):
        group.case(lambda a: a.diff(), make(5))
    group.case(lambda a: a.diff(), f32())
    group.case(lambda a: a.diff(-1), f32(3), chain=False)
    group.case(lambda a, b, c: a.diff(prepend=b, append=c), f32(3), f32(1), f32(2))


def diagonals(group):
    for offset in (0, 1, -1, 3, -4):
        for shape in ((3, 3), (2, 4), (4, 2), (2, 3, 4), (3,), (), (0, 2)):
            group.case(lambda a: a.diagonal(offset), f32(*shape))
            group.case(lambda a: a.diagonal(offset, -1, -2), f32(*shape))
            group.case(lambda a: a.diag(offset), f32(*shape))
            group.case(lambda a: a.tril(offset), f32(*shape))
            group.case(lambda a: a.triu(offset), f32(*shape))
        for shape in ((3,), (2, 3), (0,)):
            group.case(lambda a: a.diag_embed(offset), f32(*shape))
            group.case(lambda a: a.diag_embed(offset, 0, -1), f32(*shape))
            group.case(lambda a: a.diagflat(offset), f32(*shape))
    group.case(lambda a: a.diagonal(0, 0, 0), f32(3, 3))
    for dtype in DTYPES:
        group.case(lambda a: a.tril(), maker(dtype)(2, 3))
        group.case(lambda a: a.triu(1), maker(dtype)(2, 3))
        group.case(lambda a: a.diag(), maker(dtype)(3))
        group.case(lambda a: a.trace(), maker(dtype)(3, 3))
    for shape in ((2, 3), (0, 2), (3,)):
        group.case(lambda a: a.trace(), f32(*shape))
    group.case(lambda a: a.mul(1).tril_(), f32(3, 3))
    group.case(lambda a: a.mul(1).triu_(1), f32(3, 3))
    group.case(lambda a, b: (a.diagonal().copy_(b), a), const(3, 3), const(3))


def write():
    for name, fill in {"arranging": arranging, "splitting": splitting, "stacking": stacking, "diagonals": diagonals}.items():
        group = Group(name)
        fill(group)
        group.write()
