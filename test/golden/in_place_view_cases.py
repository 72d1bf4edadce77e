"""Views that a tensor turns into itself."""
from recorder import Group, const, f32, f64, i64, t

TURNS = (
    lambda a: a.t_(),
    lambda a: a.transpose_(0, 1),
    lambda a: a.transpose_(-1, 0),
    lambda a: a.unsqueeze_(1),
    lambda a: a.unsqueeze_(-1),
    lambda a: a.squeeze_(),
    lambda a: a.squeeze_(0),
    lambda a: a.squeeze_(-1),
)


def turned_alone(group, turn):
    for make, shape in ((f32, (1, 3)), (f64, (2, 3)), (i64, (2, 3)), (f32, (3,)), (f32, ())):
        group.case(lambda a: turn(a.clone()), make(*shape))
        group.case(lambda a: turn(turn(a.mul(2))).mul(3), make(*shape))
    group.case(lambda a: turn(a), f32(2, 3))
    group.case(lambda a: turn(a[0]), f32(2, 1, 3))
    group.case(lambda a: turn(a.detach()), f32(1, 3))


def taken_before(base, turn, change):
    """A view was taken before its base turned."""
    part = base[0]
    turn(base)
    change(part)
    return base, part


def taken_after(base, turn, change):
    turn(base)
    part = base[0]
    change(part)
    return base, part


def turned_part(base, turn, change):
    """The part turns, and its base stays as it is."""
    part = base[0]
    turn(part)
    change(part)
    return base, part


def turned_beside_others(group, turn):
    for order in (taken_before, taken_after, turned_part):
        for change in (lambda part: None, lambda part: part.mul_(2), lambda part: part.exp_(), lambda part: part.zero_()):
            shape = (2, 1, 3) if order == turned_part else (1, 3)
            group.case(lambda a: order(a.mul(1), turn, change), f32(*shape), chain=False)
            group.case(lambda a: order(a.mul(1), turn, change), const(*shape))
    group.case(lambda a, b: (lambda base: (turn(base), base.mul_(b))[1])(a.mul(1)), f32(2, 3), f32())
    group.case(lambda a, b: (lambda base: (turn(base), base.detach().zero_(), base)[2])(a.mul(1)), f32(2, 3), f32())


def write():
    group = Group("in-place-views")
    for turn in TURNS:
        turned_alone(group, turn)
        turned_beside_others(group, turn)
    group.write()
