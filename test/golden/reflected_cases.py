"""Operators with a number on the left, as Python calls them."""
import torch
from recorder import DTYPES, Group, f32, i64, lit, maker, positive, t


def reflected(group):
    for dtype in DTYPES:
        whole = lit([[1, 2, 3], [1, 5, 2]], dtype, requires_grad=dtype.is_floating_point)
        for number in (2, 7, 0, 2.5) if dtype == torch.uint8 else (2, 7, 0, 2.5, -3):
            group.case(lambda a: a.rpow(number), whole)
            group.case(lambda a: a.rmod(number), whole)
            group.case(lambda a: a.rdiv(number), whole)
    for number in (3, 0.5):
        group.case(lambda a: a.rpow(number), f32(2, 3))
        group.case(lambda a: a.rpow(number), f32())
        group.case(lambda a: a.rdiv(number), positive(2, 3))
        group.case(lambda a: a.rmod(number), lit([0.3, -0.7, 2.0, 0.0]))
    for shapes in (((4, 2), (2, 3)), ((2,), (2, 3)), ((2, 4, 2), (2, 3))):
        group.case(lambda a, b: a.rmatmul(b), f32(*shapes[1]), f32(*shapes[0]))
    for shape in ((2, 3), (2, 3, 4), (3,), (), (0, 2)):
        group.case(lambda a: a.T(), f32(*shape))
        group.case(lambda a: a.mul(2).T().exp(), f32(*shape))
    group.case(lambda a: a.rmod(7), lit([1, 0, 2], torch.int64))
    group.case(lambda a, g: t.grad(a.rpow(2), [a], g), f32(3), f32(3), chain=False)


def write():
    group = Group("reflected")
    reflected(group)
    group.write()
