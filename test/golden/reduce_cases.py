"""Reductions, products of matrices, softmax, losses and normalisation."""
import math

import torch
from recorder import DTYPES, Group, bools, const, f32, f64, i32, i64, labels, lit, maker, positive, t, unit

inf, nan = math.inf, math.nan


def reductions(group):
    for name in ("sum", "mean", "amax", "amin", "var", "std"):
        for shape in ((2, 3, 4), (3, 1), (5,), ()):
            if name not in ("amax", "amin"):
                group.case(lambda a: getattr(a, name)(), f32(*shape))
            for dim in (None, 0, -1, 1, (0, -1), (1, 0), (2, 1, 0), (0, 0), (), 3):
                for keepdim in (False, True):
                    if dim is None or (dim == () and name in ("amax", "amin")):
                        continue
                    extra = {"correction": 1} if name in ("var", "std") else {}
                    group.case(lambda a: getattr(a, name)(dim=dim, keepdim=keepdim, **extra), f32(*shape))
        for dtype in DTYPES:
            if name in ("amax", "amin"):
                group.case(lambda a: getattr(a, name)(dim=0), maker(dtype)(3, 4))
            else:
                group.case(lambda a: getattr(a, name)(), maker(dtype)(3, 4))
        group.case(lambda a: getattr(a, name)(dim=0), f64(4, 3))
        group.case(lambda a: getattr(a, name)(dim=1), lit([[1.0, inf], [nan, 2.0], [-inf, inf], [3.0, 3.0]]))
    for correction in (0, 1, 2, 4):
        for name in ("var", "std"):
            group.case(lambda a: getattr(a, name)(dim=0, correction=correction), f32(4, 3))
            group.case(lambda a: getattr(a, name)(dim=(0, 1), correction=correction, keepdim=True), f64(4, 3))
    for name in ("std_mean", "var_mean"):
        for shape in ((2, 3, 4), (3, 1), (5,), ()):
            group.case(lambda a: getattr(t, name)(a), f32(*shape))
            for dim in (0, -1, (0, -1), 3):
                group.case(lambda a: getattr(t, name)(a, dim=dim, correction=0, keepdim=True), f32(*shape))
                group.case(lambda a: getattr(t, name)(a, dim=dim, correction=1)[0], f32(*shape))
                group.case(lambda a: getattr(t, name)(a, dim=dim, correction=1)[1], f64(*shape))
        group.case(lambda a: getattr(t, name)(a), i64(3))
        group.case(lambda a: t.mul(*getattr(t, name)(a.exp())), f32(3, 2))
    for shape in ((0,), (0, 3), (3, 0)):
        for name in ("sum", "mean"):
            group.case(lambda a: getattr(a, name)(), f32(*shape))
            group.case(lambda a: getattr(a, name)(dim=0), f32(*shape))
        group.case(lambda a: a.amax(dim=0), f32(*shape))
        group.case(lambda a: a.argmax(dim=0), f32(*shape))
        group.case(lambda a: a.max(), f32(*shape))
    for name in ("max", "min", "argmax", "argmin"):
        ties = lit([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [3.0, 1.0, -1.0]])
        for spec in (f32(2, 3, 4), f32(3, 1), f32(5), f32(), ties, f64(3, 2), i64(3, 4), i32(3, 4), maker(torch.uint8)(3, 4), lit([[nan, 1.0], [2.0, nan], [inf, -inf]])):
            group.case(lambda a: getattr(a, name)(), spec)
            for dim in (0, -1, 1, 3):
                for keepdim in (False, True):
                    group.case(lambda a: getattr(a, name)(dim, keepdim), spec)
        group.case(lambda a: getattr(a, name)(dim=0), bools(3, 2)) if name in ("max", "min") else None
    for name in ("amax", "amin"):
        group.case(lambda a: getattr(a, name)(dim=1), lit([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]))
        group.case(lambda a: getattr(a, name)(dim=(0, 1)), lit([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]))
    group.case(lambda a: a.mul(2).sum(0).mean().exp(), f32(3, 4))
    group.case(lambda a: a.sum(0, True), i32(3, 4))


def products(group):
    shapes = [
        ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3,)), ((2, 2, 3), (3, 4)), ((2, 2, 3), (2, 3, 4)),
        ((2, 2, 3), (1, 3, 4)), ((1, 2, 3), (2, 3, 4)), ((2, 1, 2, 3), (3, 3, 4)), ((3,), (2, 3, 4)), ((2, 3), (2, 3, 4)),
        ((2, 3, 2, 3), (2, 3, 3, 1)), ((1, 3), (3, 1)), ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 3, 4, 5), (5,)), ((2, 1, 3, 4), (4, 2)),
        ((2, 1, 2, 3), (1, 3, 3, 2)), ((1, 1, 2, 3), (2, 2, 3, 2)), ((2, 3), (2, 1, 3, 2)), ((1, 3), (1, 3, 2)), ((2, 3), (2, 3, 1)), ((3,), (2, 3, 1)),
    ]  # fmt: skip
    for left, right in shapes:
        group.case(lambda a, b: a.matmul(b), f32(*left), f32(*right))
        group.case(lambda a, b: a.matmul(b), f64(*left), f64(*right))
        group.case(lambda a, b: a.matmul(b), f32(*left), const(*right))
        group.case(lambda a, b: a.matmul(b), const(*left), f32(*right))
        group.case(lambda a, b: a.matmul(b), i64(*left), i64(*right))
        group.case(lambda a, b: a.matmul(b), i32(*left), i32(*right))
    for left, right in (((2, 3), (2, 3)), ((2,), (3,)), ((2, 3), (2,)), ((2, 2, 3), (3, 3, 4)), ((), (2,)), ((2, 2, 3), (4, 2))):
        group.case(lambda a, b: a.matmul(b), f32(*left), f32(*right))
    group.case(lambda a, b: a.matmul(b), f32(2, 3), f64(3, 2))
    for name, left, right in (("mm", (2, 3), (3, 4)), ("bmm", (2, 2, 3), (2, 3, 4)), ("mv", (2, 3), (3,)), ("dot", (3,), (3,))):
        group.case(lambda a, b: getattr(a, name)(b), f32(*left), f32(*right))
        group.case(lambda a, b: getattr(a.mul(2), name)(b.exp()), f64(*left), f64(*right))
        group.case(lambda a, b: getattr(a, name)(b), f32(*right), f32(*left))
        group.case(lambda a, b: getattr(a, name)(b), f32(*left), const(*right))
        group.case(lambda a, b: getattr(a, name)(b), const(*left), f32(*right))
        group.case(lambda a, b: getattr(a, name)(b), i64(*left), i64(*right))
        group.case(lambda a, b: getattr(a, name)(b), maker(torch.uint8)(*left), maker(torch.uint8)(*right))
        group.case(lambda a, b, g, h: t.grad(getattr(a, name)(b), [a, b], getattr(g, name)(h).mul(g.sum())), f32(*left), f32(*right), f32(*left), f32(*right), chain=False)
    group.case(lambda a, b: a.t().mm(b.t()), f32(3, 2), f32(4, 3))
    group.case(lambda a, b: a.mul(2).mm(b.t().div(4)), f32(2, 3), f32(4, 3))
    group.case(lambda a: a.mm(a), f32(3, 3))
    for bias in ((2, 4), (4,), (1,), (), (2, 1), (3,), (1, 2, 4)):
        for options in ({}, {"alpha": 2}, {"beta": 0.5}, {"alpha": -0.5, "beta": 2}):
            group.case(lambda c, a, b: c.addmm(a, b, **options), f32(*bias), f32(2, 3), f32(3, 4))
            group.case(lambda c, a, b: c.addmm(a, b, **options), f64(*bias), f64(2, 3), f64(3, 4))
        group.case(lambda c, a, b: c.addmm(a, b), const(*bias), f32(2, 3), const(3, 4))
    group.case(lambda c, a, b: c.addmm(a, b, alpha=2, beta=3), i64(4), i64(2, 3), i64(3, 4))
    group.case(lambda c, a, b: c.addmm(a, b), f32(4), f32(2, 3), f32(2, 4))
    group.case(lambda c, a, b, g: t.grad(c.addmm(a, b, alpha=2, beta=3), [c, a, b], g), f32(4), f32(2, 3), f32(3, 4), f32(2, 4), chain=False)
    for shape in ((2, 3), (2, 2, 3), (3,), (2, 2, 1, 3)):
        group.case(lambda x, w, b: t.linear(x, w, b), f32(*shape), f32(4, 3), f32(4))
        group.case(lambda x, w: t.linear(x, w), f32(*shape), f32(4, 3))
    group.case(lambda x, w, b, v, c: t.linear(t.linear(x, w, b).relu(), v, c), f32(5, 3), f32(4, 3), f32(4), f32(2, 4), f32(2))


def networks(group):
    """The graph of a network, from its loss to its weights."""
    weights = (f32(3, 4), f32(3), f32(2, 3), f32(2))
    group.case(lambda x, y, w, b, v, c: t.cross_entropy(t.linear(t.linear(x.flatten(1), w, b).relu(), v, c), y), const(5, 2, 2), labels(2, 5), *weights)
    group.case(lambda x, y, w, b, v, c: t.nll_loss(t.linear(t.linear(x, w, b).sigmoid(), v, c).log_softmax(1), y), f32(5, 4), labels(2, 5), *weights)
    group.case(lambda x, y, w, b, v, c: t.mse_loss(t.linear(t.linear(x, w, b).tanh(), v, c), y), const(5, 4), const(5, 2), *weights)
    group.case(lambda x, w, b: t.linear(t.linear(x, w, b), w, b).add(x).mean(), f32(5, 3), f32(3, 3), f32(3))


def softmaxes(group):
    for name in ("softmax", "log_softmax"):
        for shape in ((2, 3), (5,), (2, 3, 4), (), (1, 1), (0, 3)):
            for dim in (0, -1, 1):
                group.case(lambda a: getattr(a, name)(dim=dim), f32(*shape))
                group.case(lambda a: getattr(a, name)(dim), f64(*shape))
        group.case(lambda a: getattr(a, name)(1), lit([[1000.0, 1001.0], [-1000.0, 0.0], [90.0, -90.0], [0.0, -inf]]))
        group.case(lambda a: getattr(a, name)(1), lit([[nan, 1.0], [inf, 1.0]]))
        group.case(lambda a: getattr(a, name)(1), i64(2, 3))
        group.case(lambda a, g: t.grad(getattr(a, name)(1), [a], g), f32(2, 3), f32(2, 3), chain=False)
        group.case(lambda a, g: t.grad(getattr(a, name)(0), [a], g), f64(3, 2), f64(3, 2), chain=False)


def losses(group):
    reductions = ("mean", "sum", "none")
    for reduction in reductions:
        for name in ("mse_loss", "l1_loss"):
            for shape in ((2, 3), (4,), ()):
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f32(*shape), f32(*shape))
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f64(*shape), f64(*shape))
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f32(*shape), const(*shape))
            group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f32(2, 3), f32(3))
        for name, make in (("binary_cross_entropy", unit), ("binary_cross_entropy_with_logits", f32)):
            for shape in ((2, 3), (4,), ()):
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), make(*shape), const(*shape, kind="unit"))
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), make(*shape, requires_grad=False), unit(*shape))
                group.case(lambda a, b, w: getattr(t, name)(a, b, weight=w, reduction=reduction), make(*shape), const(*shape, kind="unit"), const(*shape), chain=False)
            group.case(lambda a, b, w: getattr(t, name)(a, b, weight=w, reduction=reduction), make(2, 3), const(2, 3, kind="unit"), const(3), chain=False)
            group.case(lambda a, b: getattr(t, name)(a, b), make(2, 3), const(3, kind="unit"))
        for name, make in (("binary_cross_entropy", unit), ("binary_cross_entropy_with_logits", f32)):
            group.case(lambda a, b, w: getattr(t, name)(a, b, weight=w, reduction=reduction), make(2, 3), unit(2, 3), const(3))
        group.case(lambda a, b, p: t.binary_cross_entropy_with_logits(a, b, pos_weight=p, reduction=reduction), f32(2, 3), unit(2, 3), const(3))
        group.case(lambda a, b, w, p: t.binary_cross_entropy_with_logits(a, b, weight=w, pos_weight=p, reduction=reduction), f64(2, 3), maker(torch.float64, kind="unit")(2, 3), maker(torch.float64, requires_grad=False)(2, 1), maker(torch.float64, requires_grad=False)(3))
        for smoothing in (0.0, 0.1):
            group.case(lambda a, p: t.cross_entropy(a, p, reduction=reduction, label_smoothing=smoothing), f32(4, 3), unit(4, 3), chain=smoothing == 0)
            group.case(lambda a, p, w: t.cross_entropy(a, p, weight=w, reduction=reduction, label_smoothing=smoothing), f32(2, 3, 4), unit(2, 3, 4), const(3), chain=smoothing == 0)
        group.case(lambda a, b: t.binary_cross_entropy(a, b, reduction=reduction), lit([0.0, 1.0, 0.0, 1.0, 0.5]), lit([0.0, 1.0, 1.0, 0.0, 1.0], requires_grad=False))
        group.case(lambda a, b: t.binary_cross_entropy_with_logits(a, b, reduction=reduction), lit([100.0, -100.0, 0.0, 30.0]), lit([0.0, 1.0, 1.0, 0.0], requires_grad=False))
        for shape, target in (((4, 3), (4,)), ((3,), ()), ((2, 3, 4), (2, 4)), ((2, 3, 2, 2), (2, 2, 2)), ((1, 5), (1,))):
            classes = shape[0] if len(shape) == 1 else shape[1]
            weight = const(classes, kind="positive")
            for dtype in (f32, f64):
                for name in ("nll_loss", "cross_entropy"):
                    call = getattr(t, name)
                    group.case(lambda a, y, call=call: call(a, y, reduction=reduction), dtype(*shape), labels(classes, *target))
                    group.case(lambda a, y, call=call: call(a, y, reduction=reduction, ignore_index=1), dtype(*shape), labels(classes, *target))
            for name in ("nll_loss", "cross_entropy"):
                call = getattr(t, name)
                group.case(lambda a, y, w, call=call: call(a, y, weight=w, reduction=reduction), f32(*shape), labels(classes, *target), weight)
                group.case(lambda a, y, w, call=call: call(a, y, weight=w, reduction=reduction, ignore_index=2), f32(*shape), labels(classes, *target), weight)
                group.case(lambda a, y, call=call: call(a.mul(2), y, reduction=reduction).mul(3), f32(*shape), labels(classes, *target))
                every = {"reduction": reduction, "ignore_index": None}
                group.case(lambda a, y, call=call: call(a, y, **every), f32(*shape), labels(classes, *target))
                group.case(lambda a, y, call=call: call(a.mul(2), y, **every).mul(3), f64(*shape), labels(classes, *target))
                group.case(lambda a, y, w, call=call: call(a, y, weight=w, **every), f32(*shape), labels(classes, *target), weight)
            # PyTorch selects by a mask here; the length of that is known only when it runs.
            for smoothing in (0.1, 1.0):
                group.case(lambda a, y: t.cross_entropy(a, y, reduction=reduction, label_smoothing=smoothing), f32(*shape), labels(classes, *target), chain=False)
                group.case(lambda a, y: t.cross_entropy(a, y, reduction=reduction, label_smoothing=smoothing, ignore_index=1), f32(*shape), labels(classes, *target), chain=False)
                group.case(lambda a, y, w: t.cross_entropy(a, y, weight=w, reduction=reduction, label_smoothing=smoothing), f32(*shape), labels(classes, *target), weight, chain=False)
                group.case(lambda a, y, w: t.cross_entropy(a, y, weight=w, reduction=reduction, label_smoothing=smoothing, ignore_index=1), f32(*shape), labels(classes, *target), weight, chain=False)
        for name in ("nll_loss", "cross_entropy"):
            call = getattr(t, name)
            group.case(lambda a, y, call=call: call(a, y, reduction=reduction), f32(3, 4), lit([-100, 1, -100], torch.int64))
            group.case(lambda a, y, call=call: call(a, y, reduction=reduction), f32(2, 4), lit([-100, -100], torch.int64))
    for shape, target in (((4, 3), (3,)), ((4, 3), (4, 3)), ((2, 3, 4), (2, 3))):
        group.case(lambda a, y: t.nll_loss(a, y), f32(*shape), labels(3, *target))
    group.case(lambda a, y: t.nll_loss(a, y), f32(4, 3), const(4))
    group.case(lambda a, y: t.cross_entropy(a, y), lit([[1000.0, 0.0], [-1000.0, 0.0]]), lit([1, 0], torch.int64))
    group.case(lambda a, y: t.cross_entropy(a, y), lit([[0.0, -inf], [1.0, 2.0]]), lit([0, 1], torch.int64))
    for name in ("mse_loss", "binary_cross_entropy_with_logits"):
        group.case(lambda a, y, g: t.grad(getattr(t, name)(a, y), [a], g), f32(2, 3), const(2, 3, kind="unit"), f32(), chain=False)
    group.case(lambda a, y, g: t.grad(t.cross_entropy(a, y), [a], g), f32(4, 3), labels(3, 4), f32(), chain=False)
    group.case(lambda a, y, g: t.grad(t.cross_entropy(a, y, ignore_index=None), [a], g), f32(4, 3), labels(3, 4), f32(), chain=False)
    group.case(lambda a, y: t.cross_entropy(a, y, ignore_index=None, label_smoothing=0.1), f32(4, 3), labels(3, 4), chain=False)
    group.case(lambda a, y, w: t.cross_entropy(a, y, weight=w, ignore_index=None, label_smoothing=0.1), f32(4, 3), labels(3, 4), const(3, kind="positive"), chain=False)
    group.case(lambda a, y, w, g: t.grad(t.cross_entropy(a, y, weight=w, ignore_index=1), [a], g), f64(4, 3), labels(3, 4), maker(torch.float64, kind="positive", requires_grad=False)(3), f64(), chain=False)


def normalisation(group):
    for shape in ((4, 3), (2, 3, 5), (2, 3, 2, 2), (4, 1), (1, 3, 2)):
        channels = shape[1]
        for dtype in (torch.float32, torch.float64):
            free, fixed = maker(dtype), maker(dtype, requires_grad=False)
            statistics = (fixed(channels), fixed(channels, kind="positive"))
            affine = (free(channels), free(channels))
            for training in (True, False):
                for momentum, eps in ((0.1, 1e-5), (0.5, 1e-3)):
                    options = {"training": training, "momentum": momentum, "eps": eps}
                    group.case(lambda x, m, v, w, b: (t.batch_norm(x, m, v, w, b, **options), m, v), free(*shape), *statistics, *affine)
                    group.case(lambda x, m, v: (t.batch_norm(x, m, v, None, None, **options), m, v), free(*shape), *statistics)
            group.case(lambda x, w, b: t.batch_norm(x, None, None, w, b, training=True), free(*shape), *affine)
            group.case(lambda x, w, b: t.batch_norm(x, None, None, w, b, training=True).relu().mul(2), free(*shape), *affine)
            group.case(lambda x: t.batch_norm(x, None, None), free(*shape))
    group.case(lambda x: t.batch_norm(x, None, None, training=True), f32(1, 3))
    for shape, inner in (((4, 3), (3,)), ((2, 3, 4), (4,)), ((2, 3, 4), (3, 4)), ((3,), (3,)), ((2, 1), (1,)), ((2, 3), (2, 3)), ((2, 2, 3), (2, 2, 3))):
        for free in (f32, f64):
            for eps in (1e-5, 0.1) if inner != (1,) else (0.1,):
                group.case(lambda x, w, b: t.layer_norm(x, inner, w, b, eps=eps), free(*shape), free(*inner), free(*inner))
                group.case(lambda x: t.layer_norm(x, inner, None, None, eps=eps).exp(), free(*shape))
    group.case(lambda x: t.layer_norm(x, (4,)), f32(2, 3))
    group.case(lambda x, w, b, g: t.grad(t.layer_norm(x, (3,), w, b), [x, w, b], g), f64(4, 3), f64(3), f64(3), f64(4, 3), chain=False)
    group.case(lambda x, w, b, g: t.grad(t.batch_norm(x, None, None, w, b, training=True), [x, w, b], g), f64(4, 3), f64(3), f64(3), f64(4, 3), chain=False)
    group.case(lambda x: (t.dropout(x, p=0.5, training=False), t.dropout(x, p=0.0, training=True).mul(2)), f32(2, 3), chain=False)
    group.case(lambda x: t.dropout(x, p=1.0, training=True), f32(2, 3), chain=False)


def write():
    for name, fill in {
        "reductions": reductions, "products": products, "networks": networks, "softmax": softmaxes, "losses": losses, "normalisation": normalisation,
    }.items():  # fmt: skip
        group = Group(name)
        fill(group)
        group.write()
