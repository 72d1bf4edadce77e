"""Outer and inner products, contractions, and new tensors like others."""
import torch
from recorder import DTYPES, Group, const, f32, f64, i64, maker, t


def contractions(group):
    for make in (f32, f64, i64):
        group.case(lambda a, b: a.outer(b), make(3), make(2))
        group.case(lambda a, b: a.inner(b), make(3), make(3))
        group.case(lambda a, b: t.inner(a, b), make(2, 3), make(4, 3))
        group.case(lambda a, b: t.tensordot(a, b, 1), make(2, 3), make(3, 4))
    for shapes in (((2, 3), (3,)), ((), (3,)), ((), ()), ((2, 2, 3), (4, 3)), ((2, 3), (2, 4)), ((0,), (0,))):
        group.case(lambda a, b: a.inner(b), f32(*shapes[0]), f32(*shapes[1]))
    group.case(lambda a, b: a.outer(b), f32(2, 3), f32(2))
    group.case(lambda a, b: a.outer(b), f32(0), f32(2))
    group.case(lambda a, b: a.outer(b), const(3), f32(2))
    for dims in (0, 1, 2, ((0,), (1,)), ((-1, 0), (0, 1)), ((0,), (0, 1)), -1):
        group.case(lambda a, b: t.tensordot(a, b, dims), f32(2, 3), f32(3, 2))
    group.case(lambda a, b: t.tensordot(a, b), f32(4, 2, 3), f32(2, 3, 5))
    for shape in ((2, 3), (2, 3, 4), (3,)):
        group.case(lambda a: a.mT(), f32(*shape))
    for dtype in DTYPES:
        group.case(lambda a: a.new_full((2, 3), 1), maker(dtype)(2), chain=False)
        group.case(lambda a: a.new_ones((2,)), maker(dtype)(2), chain=False)
        group.case(lambda a: a.new_zeros((0, 2)), maker(dtype)(2), chain=False)


def write():
    group = Group("contractions")
    contractions(group)
    group.write()
