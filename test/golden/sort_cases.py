"""Sorted elements and what is found by them: the largest few, medians, quantiles, distinct values, places."""
import math

import torch
from recorder import DTYPES, Group, bools, const, f32, f64, i64, lit, maker, t

inf, nan = math.inf, math.nan
TIES = [[2.0, 1.0, 2.0, -1.0, 2.0, 1.0], [0.0, -0.0, inf, -inf, 5.0, 0.0]]
MISSING = [[2.0, nan, 1.0, inf, nan, -inf], [nan, nan, nan, nan, nan, nan], [3.0, 1.0, inf, -3.0, 0.5, 1e38]]


def sorting(group):
    for shape in ((3, 4), (2, 3, 2), (5,), (), (0, 3), (2, 0), (1, 1)):
        group.case(lambda a: a.sort(), f32(*shape))
        group.case(lambda a: a.sort(0, True), f32(*shape))
        group.case(lambda a: a.sort(dim=-1, descending=True), f64(*shape))
        group.case(lambda a: a.argsort(0), f32(*shape))
        group.case(lambda a: a.argsort(-1, True), f32(*shape))
        group.case(lambda a: a.msort(), f32(*shape))
        group.case(lambda a: a.topk(1), f32(*shape))
        group.case(lambda a: a.topk(1, 0, False), f32(*shape))
        if shape:
            group.case(lambda a: a.topk(0), f32(*shape))
        group.case(lambda a: a.kthvalue(1), f32(*shape))
    for dtype in (torch.float32, torch.float64):
        for values in (TIES, MISSING):
            group.case(lambda a: a.sort(stable=True), lit(values, dtype))
            group.case(lambda a: a.sort(stable=True, descending=True), lit(values, dtype))
            group.case(lambda a: a.sort(stable=True, dim=0), lit(values, dtype))
        group.case(lambda a: a.topk(3)[0], lit(MISSING, dtype, requires_grad=False))
        group.case(lambda a: a.topk(3, largest=False)[0], lit(MISSING, dtype, requires_grad=False))
    for dtype in DTYPES:
        group.case(lambda a: a.sort(stable=True), maker(dtype)(3, 4))
        group.case(lambda a: a.topk(2)[0], maker(dtype)(3, 4))
        group.case(lambda a: a.median(), maker(dtype)(3, 4))
        group.case(lambda a: a.median(0)[0], maker(dtype)(3, 4))
        group.case(lambda a: a.kthvalue(2, 0)[0], maker(dtype, requires_grad=False)(3, 4))
    group.case(lambda a: a.t().sort(1), f32(3, 4))
    group.case(lambda a: a.sort(2), f32(3, 4))
    group.case(lambda a: a.topk(5), f32(3, 4))
    group.case(lambda a: a.topk(-1), f32(3, 4))
    group.case(lambda a: a.topk(2, dim=0), f64(3, 4, 2))
    group.case(lambda a: a.topk(3, 1, True, True), f64(3, 4, 2))
    group.case(lambda a, g: t.grad(a.mul(a).sort(1)[0], [a], g), f32(3, 4), f32(3, 4), chain=False)
    group.case(lambda a, g: t.grad(a.mul(a).topk(2)[0], [a], g), f32(3, 4), f32(3, 2), chain=False)


def medians(group):
    for name in ("median", "nanmedian"):
        for shape in ((3, 4), (2, 3, 2), (5,), (), (1, 1), (0, 3)):
            group.case(lambda a: getattr(a, name)(), f32(*shape))
            for dim in (0, -1):
                for keepdim in (False, True):
                    group.case(lambda a: getattr(a, name)(dim, keepdim), f32(*shape))
        for values in (MISSING, TIES):
            group.case(lambda a: getattr(a, name)(), lit(values))
            group.case(lambda a: getattr(a, name)(1, keepdim=True)[0], lit(values, requires_grad=False))
        group.case(lambda a: getattr(a, name)(1), lit([[2.0, nan, 1.0], [3.0, 1.0, 2.0]]))
        group.case(lambda a, g: t.grad(getattr(a.mul(a), name)(1)[0], [a], g), f32(3, 5), f32(3), chain=False)
    for dim in (0, -1):
        for keepdim in (False, True):
            group.case(lambda a: a.kthvalue(2, dim, keepdim), f32(3, 4))
    for k in (0, 4):
        group.case(lambda a: a.kthvalue(k), f32(3))


def quantiles(group):
    for name in ("quantile", "nanquantile"):
        for shape in ((3, 4), (2, 3, 2), (5,), (), (1, 1), (0, 3)):
            group.case(lambda a: getattr(a, name)(0.3), f32(*shape))
            group.case(lambda a: getattr(a, name)(0.3, keepdim=True), f64(*shape))
            for dim in (0, -1, 1):
                for keepdim in (False, True):
                    group.case(lambda a: getattr(a, name)(0.6, dim, keepdim), f32(*shape))
                    group.case(lambda a, q: getattr(a, name)(q, dim, keepdim), f32(*shape), lit([0.0, 0.25, 1.0], requires_grad=False))
        for interpolation in ("linear", "lower", "higher", "midpoint", "nearest"):
            group.case(lambda a, q: getattr(a, name)(q, 1, interpolation=interpolation), f32(3, 4), lit([0.1, 0.5, 0.9], requires_grad=False))
            group.case(lambda a: getattr(a, name)(0.4, 1, interpolation=interpolation), lit(MISSING))
        group.case(lambda a, q: getattr(a, name)(q), f32(3, 4), lit([], requires_grad=False))
        group.case(lambda a: getattr(a, name)(1.5), f32(3))
        group.case(lambda a, q: getattr(a, name)(q), f32(3), lit([0.5, -0.1], requires_grad=False))
        group.case(lambda a: getattr(a, name)(0.5, interpolation="cubic"), f32(3))
        group.case(lambda a, q: getattr(a, name)(q), f64(3), lit([0.5], requires_grad=False))
        group.case(lambda a: getattr(a, name)(0.5), i64(3))


def found(group):
    for shape in ((3, 4), (5,), (), (0,), (2, 0)):
        for make in (i64, f32, bools, maker(torch.uint8)):
            plain = make(*shape) if make is not f32 else const(*shape)
            group.case(lambda a: a.unique(), plain)
            group.case(lambda a: a.unique(return_inverse=True, return_counts=True), plain)
            group.case(lambda a: a.unique(return_counts=True), plain)
    for dim in (0, 1, -1):
        group.case(lambda a: a.unique(dim=dim, return_inverse=True, return_counts=True), lit([[1, 2, 1], [0, 3, 0], [1, 2, 1]], torch.int64))
        group.case(lambda a: a.unique(dim=dim, return_inverse=True), lit([[[1, 2], [1, 2]], [[1, 2], [3, 4]]], torch.int64))
    group.case(lambda a: a.unique(return_inverse=True, return_counts=True), lit([2.0, 1.0, -0.0, 0.0, -inf, inf, 2.0], requires_grad=False))
    group.case(lambda a: a.mul(2).unique(sorted=True), i64(4, 4))
    for right in (False, True):
        for make in (const, i64, maker(torch.int32), maker(torch.float64, requires_grad=False)):
            group.case(lambda s, v: t.searchsorted(s.sort()[0], v, right=right), make(5), make(2, 3), chain=False)
            group.case(lambda s, v: t.searchsorted(s.sort()[0], v, right=right), make(2, 5), make(2, 3), chain=False)
            group.case(lambda s, v: t.bucketize(v, s.sort()[0], right=right), make(5), make(2, 3), chain=False)
        group.case(lambda s, v: t.searchsorted(s, v, right=right, out_int32=True), lit([1.0, 1.0, 2.0, inf, inf], requires_grad=False), lit([[0.0, 1.0, nan], [inf, -inf, 2.0]], requires_grad=False))
        for row in ([1.0, 2.0, nan], [1.0, nan, nan], [nan, nan, nan], [nan, 1.0, 2.0]):
            group.case(lambda s, v: t.searchsorted(s, v, right=right), lit(row, requires_grad=False), lit([nan, 0.0, 1.0, 2.5, 9.0, inf], requires_grad=False))
        group.case(lambda s, v: t.searchsorted(s.sort()[0], v, right=right), const(3, 33), const(3, 20), chain=False)
        group.case(lambda s: t.searchsorted(s, 2.0, right=right), lit([1.0, 2.0, 2.0], requires_grad=False))
        group.case(lambda s, v: t.searchsorted(s, v, right=right), const(0), const(3))
        group.case(lambda s, v: t.searchsorted(s, v, right=right), const(3), const(0, 2))
        group.case(lambda s, v: t.searchsorted(s, v, right=right), lit([1.0, 2.0], requires_grad=False), lit(2.0, requires_grad=False))
    for side in ("left", "right"):
        group.case(lambda s, v: t.searchsorted(s, v, side=side, sorter=s.argsort()), lit([3.0, 1.0, 2.0, 2.0], requires_grad=False), lit([1.5, 2.0], requires_grad=False), chain=False)
    group.case(lambda s, v: t.searchsorted(s, v, side="left", right=True), const(3), const(3))
    group.case(lambda s, v: t.searchsorted(s, v), const(2, 3), const(3, 2))
    group.case(lambda s, v: t.searchsorted(s, v), const(3), i64(3))
    for make in (const, i64, bools, maker(torch.float64, requires_grad=False)):
        for shape in ((3, 4), (), (2, 3, 2)):
            group.case(lambda a: a.aminmax(), make(*shape))
            group.case(lambda a: a.aminmax(dim=-1, keepdim=True), make(*shape))
            group.case(lambda a: a.aminmax(dim=0), make(*shape))
    group.case(lambda a: a.aminmax(), const(0, 3))
    group.case(lambda a: a.aminmax(dim=1), lit(MISSING, requires_grad=False))


def write():
    group = Group("sorting")
    sorting(group)
    medians(group)
    quantiles(group)
    found(group)
    group.write()
