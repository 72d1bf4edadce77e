"""Pools and interpolation."""
from recorder import Group, const, f32, f64, i64, lit, t


def largest(group):
    for options in (
        {},
        {"stride": 1},
        {"padding": 1},
        {"ceil_mode": True},
        {"ceil_mode": True, "padding": 1, "stride": 3},
        {"dilation": 2, "stride": 1},
        {"return_indices": True},
        {"return_indices": True, "padding": 1, "stride": (1, 2), "ceil_mode": True},
    ):
        group.case(lambda x: t.max_pool2d(x, 2, **options), f32(2, 3, 5, 7))
    for options in ({}, {"stride": 2}, {"ceil_mode": True, "stride": 2, "padding": 1}, {"return_indices": True, "dilation": 2}):  # fmt: skip
        group.case(lambda x: t.max_pool1d(x, 3, **options), f32(2, 3, 8))
    # Side by side, without a rest.
    for kernel in (2, (2, 3), (1, 2), (3, 1), 1):
        group.case(lambda x: t.max_pool2d(x, kernel), f32(2, 2, 6, 6))
    group.case(lambda x: t.max_pool2d(x, 2), f64(1, 2, 4, 6))
    group.case(lambda x: t.max_pool2d(x, 3, 2, 1), f64(1, 2, 4, 6))
    group.case(lambda x: t.max_pool1d(x, 2), f64(1, 2, 4))
    group.case(lambda x: t.max_pool2d(x, 2), f32(3, 4, 4))
    group.case(lambda x: t.max_pool1d(x, 2), f32(3, 4))
    group.case(lambda x: t.max_pool2d(x, 2), f32(0, 3, 4, 4))
    # Several largest elements: the gradient goes to the first.
    flat = lit([[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 0.0, 2.0], [0.0, 3.0, 4.0, 4.0], [3.0, 3.0, 4.0, 4.0]]]], requires_grad=True)  # fmt: skip
    for options in ({}, {"stride": 1}, {"padding": 1}, {"return_indices": True}):
        group.case(lambda x: t.max_pool2d(x, 2, **options), flat)
    strange = lit([[[[float("nan"), 1.0, 2.0, float("inf")], [1.0, 1.0, 0.0, float("-inf")]]]], requires_grad=False)
    group.case(lambda x: t.max_pool2d(x, 2), strange)
    group.case(lambda x: t.max_pool2d(x, 2, 1), strange)
    group.case(lambda x: t.max_pool2d(x.transpose(2, 3), 2), f32(2, 2, 4, 6))
    group.case(lambda x, g: t.grad(t.max_pool2d(x, 2), [x], g)[0].mul(x), f32(2, 2, 4, 6), f32(2, 2, 2, 3), chain=False)
    group.case(lambda x, g: t.grad(t.max_pool2d(x, 3, 1), [x], g)[0].mul(x), f32(2, 4, 6), f32(2, 2, 4), chain=False)
    group.case(lambda x: t.max_pool2d(x, 2, padding=2), const(1, 1, 4, 4))
    group.case(lambda x: t.max_pool2d(x, 5), const(1, 1, 4, 4))
    group.case(lambda x: t.max_pool2d(x, 2), const(4, 4))
    group.case(lambda x: t.max_pool2d(x, 2, stride=0), const(1, 1, 4, 4))
    group.case(lambda x: t.max_pool1d(x, 2), const(4))


def means(group):
    for options in (
        {},
        {"stride": 1},
        {"padding": 1},
        {"padding": 1, "count_include_pad": False},
        {"ceil_mode": True},
        {"ceil_mode": True, "padding": 1, "stride": (3, 2)},
        {"ceil_mode": True, "padding": 1, "count_include_pad": False},
        {"divisor_override": 3},
        {"divisor_override": 3, "padding": 1, "ceil_mode": True},
    ):
        group.case(lambda x: t.avg_pool2d(x, 2, **options), f32(2, 3, 5, 7))
    for options in ({}, {"stride": 2, "padding": 1}, {"ceil_mode": True, "count_include_pad": False, "padding": 1}):
        group.case(lambda x: t.avg_pool1d(x, 3, **options), f32(2, 3, 8))
    group.case(lambda x: t.avg_pool2d(x, (2, 3), padding=(1, 0)), f64(1, 2, 4, 6))
    group.case(lambda x: t.avg_pool2d(x, 2), f32(3, 4, 4))
    group.case(lambda x: t.avg_pool1d(x, 2), f32(3, 4))
    group.case(lambda x: t.avg_pool2d(x, 2), f32(0, 3, 4, 4))
    group.case(lambda x, g: t.grad(t.avg_pool2d(x, 2, 1), [x], g)[0].mul(x), f32(2, 3, 4), f32(2, 2, 3), chain=False)
    group.case(lambda x: t.avg_pool2d(x, 2, divisor_override=0), const(1, 1, 4, 4))
    group.case(lambda x: t.avg_pool2d(x, 2, padding=2), const(1, 1, 4, 4))
    group.case(lambda x: t.avg_pool2d(x, 2, []), i64(1, 4, 5))
    group.case(lambda x: t.avg_pool2d(x, 3, 1, 1, False, False), i64(1, 4, 5))
    for size in ((2, 3), (5, 7), (1, 1), (1, 4), (4, 9), 3, (None, 2)):
        group.case(lambda x: t.adaptive_avg_pool2d(x, size), f32(2, 3, 5, 7))
    group.case(lambda x: t.adaptive_avg_pool2d(x, 2), f64(3, 5, 7))
    for size in (1, 3, 8):
        group.case(lambda x: t.adaptive_avg_pool1d(x, size), f32(2, 3, 7))
    group.case(lambda x: t.adaptive_avg_pool1d(x, 2), f32(3, 7))
    group.case(lambda x: t.adaptive_avg_pool2d(x, 2), const(4, 4))
    group.case(lambda x: t.adaptive_avg_pool2d(x, (2, -1)), const(1, 4, 4))


def interpolation(group):
    shapes = {1: f32(2, 3, 5), 2: f32(1, 2, 4, 5), 3: f32(1, 2, 3, 4, 2)}
    for mode, rank in (("nearest", 1), ("nearest", 2), ("nearest", 3), ("linear", 1), ("bilinear", 2), ("bicubic", 2), ("trilinear", 3), ("area", 1), ("area", 2), ("area", 3), ("nearest-exact", 1), ("nearest-exact", 2)):  # fmt: skip
        group.case(lambda x: t.interpolate(x, size=7, mode=mode), shapes[rank])
        group.case(lambda x: t.interpolate(x, size=3, mode=mode), shapes[rank])
        group.case(lambda x: t.interpolate(x, scale_factor=1.7, mode=mode), shapes[rank])
        if "linear" in mode or mode == "bicubic":
            group.case(lambda x: t.interpolate(x, size=6, mode=mode, align_corners=True), shapes[rank])
            group.case(lambda x: t.interpolate(x, scale_factor=2, mode=mode, align_corners=False), shapes[rank])
    group.case(lambda x: t.interpolate(x, scale_factor=(2, 0.5)), shapes[2])
    group.case(lambda x: t.interpolate(x, size=(8, 10), mode="bilinear"), f64(1, 2, 4, 5))
    group.case(lambda x: t.interpolate(x, scale_factor=1.7, mode="bilinear", recompute_scale_factor=True), shapes[2])
    group.case(lambda x: t.interpolate(x, size=1, mode="bilinear", align_corners=True), shapes[2])
    group.case(lambda x, g: t.grad(t.interpolate(x, size=4, mode="linear"), [x], g)[0].mul(x), f32(1, 2, 3), f32(1, 2, 4), chain=False)  # fmt: skip
    group.case(lambda x: t.interpolate(x), const(1, 2, 4))
    group.case(lambda x: t.interpolate(x, size=3, scale_factor=2), const(1, 2, 4))
    group.case(lambda x: t.interpolate(x, size=3, mode="bilinear"), const(1, 2, 4))
    group.case(lambda x: t.interpolate(x, size=(3, 3)), const(1, 2, 4))
    group.case(lambda x: t.interpolate(x, size=0), const(1, 2, 4))
    group.case(lambda x: t.interpolate(x, size=3, align_corners=True), const(1, 2, 4))


def write():
    group = Group("pools")
    largest(group)
    means(group)
    group.write()
    group = Group("interpolation")
    interpolation(group)
    group.write()
