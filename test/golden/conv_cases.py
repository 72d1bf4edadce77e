"""Convolutions: shapes, strides, paddings, dilations, groups; gradients, and gradients of gradients."""
from recorder import Group, const, f32, f64, i64, t


def plain(group):
    for bias in (True, False):
        group.case(lambda x, w, *b: t.conv2d(x, w, *b), f32(2, 3, 5, 6), f32(4, 3, 3, 2), *([f32(4)] if bias else []))
        group.case(lambda x, w, *b: t.conv1d(x, w, *b), f32(2, 3, 7), f32(4, 3, 3), *([f32(4)] if bias else []))
    for options in (
        {"padding": 1},
        {"stride": 2},
        {"stride": (2, 1), "padding": (0, 2)},
        {"stride": 2, "padding": 1, "dilation": 2},
        {"stride": 3, "padding": 2},
        {"dilation": (1, 2)},
        {"padding": "valid"},
        {"padding": "same"},
        {"padding": "same", "dilation": 2},
        {"padding": (1,), "stride": (2,)},
    ):
        group.case(lambda x, w, b: t.conv2d(x, w, b, **options), f32(2, 3, 6, 7), f32(2, 3, 3, 3), f32(2))
    for options in ({"padding": 2, "stride": 2}, {"padding": "same", "dilation": 2}, {"stride": 3}, {"dilation": 3}):
        group.case(lambda x, w, b: t.conv1d(x, w, b, **options), f32(2, 3, 9), f32(2, 3, 3), f32(2))
    group.case(lambda x, w: t.conv2d(x, w, padding="same"), f32(1, 2, 4, 5), f32(3, 2, 2, 4))
    group.case(lambda x, w: t.conv1d(x, w, padding="same"), f32(1, 2, 5), f32(3, 2, 4))
    group.case(lambda x, w: t.conv2d(x, w, padding="same"), f32(2, 4, 5), f32(3, 2, 2, 4))
    # Unbatched, one place of the kernel, one output, nothing in the batch.
    group.case(lambda x, w, b: t.conv2d(x, w, b), f32(3, 5, 5), f32(4, 3, 2, 2), f32(4))
    group.case(lambda x, w, b: t.conv1d(x, w, b), f32(3, 5), f32(4, 3, 2), f32(4))
    group.case(lambda x, w: t.conv2d(x, w), f32(2, 3, 4, 4), f32(5, 3, 1, 1))
    group.case(lambda x, w: t.conv2d(x, w), f32(2, 3, 4, 4), f32(5, 3, 4, 4))
    group.case(lambda x, w, b: t.conv2d(x, w, b), f32(0, 3, 4, 4), f32(5, 3, 2, 2), f32(5))
    # Enough channels for a product for each place of the kernel.
    group.case(lambda x, w, b: t.conv2d(x, w, b, padding=1), f32(2, 17, 4, 3), f32(3, 17, 3, 3), f32(3))
    group.case(lambda x, w: t.conv2d(x, w, stride=2, groups=2), f32(1, 32, 4, 5), f32(2, 16, 3, 2))
    group.case(lambda x, w, b: t.conv2d(x, w, b), const(2, 3, 4, 4), f32(2, 3, 2, 2), const(2))
    group.case(lambda x, w: t.conv2d(x, w), f32(2, 3, 4, 4), const(2, 3, 2, 2))
    group.case(lambda x, w: t.conv2d(x.transpose(1, 3), w), f32(2, 4, 4, 3), f32(2, 3, 2, 2))


def grouped(group):
    for groups, inputs, outputs in ((2, 4, 6), (3, 3, 3), (4, 4, 8)):
        group.case(lambda x, w, b: t.conv2d(x, w, b, groups=groups, padding=1, stride=2), f32(2, inputs, 5, 4), f32(outputs, inputs // groups, 3, 3), f32(outputs))  # fmt: skip
        group.case(lambda x, w: t.conv1d(x, w, groups=groups), f32(2, inputs, 5), f32(outputs, inputs // groups, 2))
        group.case(lambda x, w, b: t.conv_transpose2d(x, w, b, groups=groups, stride=2), f32(2, inputs, 3, 2), f32(inputs, outputs // groups, 3, 3), f32(outputs))  # fmt: skip


def transposed(group):
    for options in (
        {},
        {"padding": 1},
        {"stride": 2},
        {"stride": 2, "output_padding": 1, "padding": 1},
        {"stride": (3, 2), "output_padding": (2, 1), "dilation": 2},
        {"padding": 2, "dilation": 2},
        {"output_padding": 1, "dilation": 2},
    ):
        group.case(lambda x, w, b: t.conv_transpose2d(x, w, b, **options), f32(2, 3, 4, 3), f32(3, 2, 3, 3), f32(2))
    for options in ({}, {"stride": 2, "output_padding": 1}, {"padding": 1, "dilation": 2}):
        group.case(lambda x, w, b: t.conv_transpose1d(x, w, b, **options), f32(2, 3, 4), f32(3, 2, 3), f32(2))
    group.case(lambda x, w: t.conv_transpose2d(x, w), f32(3, 4, 4), f32(3, 2, 2, 2))
    group.case(lambda x, w: t.conv_transpose2d(x, w), f32(0, 3, 4, 4), f32(3, 2, 2, 2))


def types(group):
    group.case(lambda x, w, b: t.conv2d(x, w, b, stride=2, padding=1), f64(2, 2, 5, 4), f64(4, 2, 3, 3), f64(4))
    group.case(lambda x, w, b: t.conv2d(x, w, b, groups=2, dilation=2), f64(2, 4, 5, 6), f64(2, 2, 2, 3), f64(2))
    group.case(lambda x, w: t.conv1d(x, w, padding=1), f64(2, 2, 5), f64(3, 2, 2))
    group.case(lambda x, w, b: t.conv_transpose2d(x, w, b, stride=2, output_padding=1), f64(2, 2, 3, 4), f64(2, 3, 3, 2), f64(3))  # fmt: skip
    group.case(lambda x, w, b: t.conv_transpose2d(x, w, b, padding=2, groups=2), f64(1, 4, 4, 3), f64(4, 1, 3, 3), f64(2))
    group.case(lambda x, w, b: t.conv2d(x, w, b, padding=1), i64(1, 2, 4, 4), i64(2, 2, 3, 3), i64(2))


def second(group):
    for which in range(2):
        group.case(lambda x, w, g: t.grad(t.conv2d(x, w, stride=(2, 1), padding=(1, 0)), [x, w], g)[which], f32(2, 2, 5, 4), f32(3, 2, 3, 2), f32(2, 3, 3, 3), chain=False)  # fmt: skip
        group.case(lambda x, w, g: t.grad(t.conv_transpose2d(x, w, stride=2), [x, w], g)[which], f32(2, 2, 3, 2), f32(2, 3, 2, 2), f32(2, 3, 6, 4), chain=False)  # fmt: skip
        group.case(lambda x, w, g: t.grad(t.conv1d(x, w, groups=2, dilation=2), [x, w], g)[which], f32(2, 4, 6), f32(2, 2, 2), f32(2, 2, 4), chain=False)  # fmt: skip


def volumes(group):
    for make in (f32, f64):
        group.case(lambda x, w, b: t.conv3d(x, w, b), make(1, 2, 3, 3, 4), make(3, 2, 2, 2, 2), make(3))
        group.case(lambda x, w: t.conv3d(x, w, stride=(1, 2, 1), padding=1, groups=2), make(1, 2, 3, 4, 3), make(2, 1, 2, 2, 2))
        group.case(lambda x, w, b: t.conv_transpose3d(x, w, b, stride=2), make(1, 2, 2, 2, 2), make(2, 2, 2, 2, 2), make(2))
    group.case(lambda x, w: t.conv3d(x, w, padding="same"), f32(2, 3, 3, 3), f32(2, 2, 2, 2, 2))


def errors(group):
    group.case(lambda x, w: t.conv2d(x, w), const(1, 3, 5, 5), const(2, 4, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w), const(1, 3, 2, 2), const(2, 3, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w), const(1, 3, 2, 2, 2), const(2, 3, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w), const(3, 2, 2), const(2, 3, 3))
    group.case(lambda x, w, b: t.conv2d(x, w, b), const(1, 3, 4, 4), const(2, 3, 3, 3), const(3))
    group.case(lambda x, w: t.conv2d(x, w, stride=0), const(1, 3, 4, 4), const(2, 3, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w, padding=-1), const(1, 3, 4, 4), const(2, 3, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w, stride=(1, 1, 1)), const(1, 3, 4, 4), const(2, 3, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w, padding="same", stride=2), const(1, 3, 4, 4), const(2, 3, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w, groups=2), const(1, 4, 4, 4), const(3, 2, 3, 3))
    group.case(lambda x, w: t.conv2d(x, w), const(1, 3, 4, 4), f64(2, 3, 3, 3))
    group.case(lambda x, w: t.conv_transpose2d(x, w, output_padding=1), const(1, 3, 4, 4), const(3, 2, 3, 3))
    group.case(lambda x, w: t.conv_transpose2d(x, w, padding=4), const(1, 3, 2, 2), const(3, 2, 3, 3))


def write():
    group = Group("convolutions")
    for part in (plain, grouped, transposed, types, volumes, second, errors):
        part(group)
    group.write()
