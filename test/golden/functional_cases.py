"""Norms, distances, Einstein's summation, embeddings, patches and losses of torch.nn.functional."""
import torch
from recorder import DTYPES, Group, const, f32, f64, i64, labels, lit, maker, t

inf = float("inf")
ORDERS = (0, 1, 2, 3, 0.5, 1.5, inf, -inf, -1, "fro")


def norms(group):
    for p in ORDERS:
        for shape in ((3, 4), (2, 3, 2), (3,), ()):
            group.case(lambda a: a.norm(p), f32(*shape))
            group.case(lambda a: a.norm(p, -1), f32(*shape))
            group.case(lambda a: a.norm(p, 0, True), f64(*shape))
        group.case(lambda a: a.norm(p, (0, 1)), f32(3, 4))
        group.case(lambda a: a.norm(p, (0, -1), keepdim=True), f32(2, 3, 4))
        group.case(lambda a: a.norm(p), f32(0))
        group.case(lambda a: a.norm(p, 1), lit([[0.0, 0.0], [0.0, 3.0], [2.0, 2.0]]))
        if p != 0:
            group.case(lambda a, g: t.grad(a.mul(a).norm(p, 1), [a], g), f32(2, 3), f32(2), chain=False)
    group.case(lambda a: a.norm(2, dtype=torch.float64), f32(3, 4))
    group.case(lambda a: a.norm(dtype=torch.float64), f32(3, 4))
    group.case(lambda a: a.norm(), i64(3))
    group.case(lambda a: a.norm(dim=(0, 1, 2)), f32(2, 3, 4))
    group.case(lambda a: a.norm(2, 2), f32(2, 3))
    group.case(lambda a: a.norm(inf, 1), lit([[1.0, float("nan")], [2.0, -3.0]]))
    for shape in ((3, 4), (2, 3, 2)):
        group.case(lambda a: t.normalize(a), f32(*shape))
        group.case(lambda a: t.normalize(a, p=1, dim=-1, eps=0.5), f64(*shape))
        group.case(lambda a: t.normalize(a, dim=(0, 1)), f32(*shape))
        group.case(lambda a, b: t.cosine_similarity(a, b), f32(*shape), f32(*shape))
        group.case(lambda a, b: t.cosine_similarity(a, b, dim=0, eps=1.5), f64(*shape), f64(*shape))
    group.case(lambda a, b: t.cosine_similarity(a, b, dim=-1), f32(2, 1, 4), f32(3, 4))
    group.case(lambda a: t.normalize(a), lit([[0.0, 0.0], [1e-13, 0.0], [3.0, 4.0]]))


def distances(group):
    for p in (0, 1, 2, 3, 0.5, 1.5, inf):
        group.case(lambda a, b: t.cdist(a, b, p=p), f32(3, 2), f32(4, 2))
        group.case(lambda a, b: t.cdist(a, b, p=p), f64(2, 3, 2), f64(2, 4, 2))
        group.case(lambda a, b: t.cdist(a, b, p=p), lit([[1.0, 2.0], [0.0, 0.5]]), lit([[1.0, 2.0], [0.0, 1.5]]))
        group.case(lambda a, b, g: t.grad(t.cdist(a.mul(a), b, p=p), [a, b], g), f32(3, 2), f32(4, 2), f32(3, 4), chain=False)
    group.case(lambda a, b: t.cdist(a, b), f32(30, 3), f32(4, 3))
    group.case(lambda a, b: t.cdist(a, b, compute_mode="use_mm_for_euclid_dist"), f64(3, 2), f64(4, 2))
    group.case(lambda a, b: t.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist"), f32(30, 2), f32(4, 2))
    group.case(lambda a, b: t.cdist(a, b), const(2, 1, 3, 2), const(4, 4, 2))
    group.case(lambda a, b: t.cdist(a, b), f32(0, 2), f32(4, 2))
    group.case(lambda a, b: t.cdist(a, b), f32(3, 0), f32(4, 0))
    for shapes in (((3, 2), (4, 3)), ((3,), (4, 3))):
        group.case(lambda a, b: t.cdist(a, b), f32(*shapes[0]), f32(*shapes[1]))
    group.case(lambda a, b: t.cdist(a, b, p=-1), f32(3, 2), f32(4, 2))
    group.case(lambda a, b: t.cdist(a, b), i64(3, 2), i64(4, 2))


SUMS = (
    ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("ij->ji", (2, 3)), ("ii->i", (3, 3)), ("ii", (3, 3)), ("iij->ij", (2, 2, 3)),
    ("ij->", (2, 3)), ("ij->j", (2, 3)), ("i,i", (3,), (3,)), ("i,i->", (3,), (3,)), ("i,j->ij", (2,), (3,)), ("i,j,k->ijk", (2,), (3,), (4,)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 4)), ("ij,ij->", (2, 3), (2, 3)), ("ij,ij->ij", (2, 3), (2, 3)), ("ij,j->i", (2, 3), (3,)), ("ij,ij->i", (2, 3), (2, 3)),
    ("...ij,...jk->...ik", (2, 2, 3), (3, 4)), ("ij...,jk...->ik...", (2, 3, 5), (3, 4, 5)), ("...i->...", (2, 3)), ("i...->...", (2, 3)), ("...", (2, 3)), ("...ii->...i", (2, 3, 3)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)), ("bn,anm,bm->ba", (2, 5), (3, 5, 4), (2, 4)), ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)), ("ijkl,jl->ik", (2, 3, 4, 2), (3, 2)),
    ("ijk,kl", (2, 3, 4), (4, 2)), ("Ab,bA->", (2, 3), (3, 2)), ("i j , j k -> k i", (2, 3), (3, 4)), ("ij,k->i", (2, 3), (4,)), ("ij,kj->ik", (2, 1), (4, 3)), ("ij,jk->ik", (2, 0), (0, 4)), (",ij", (), (2, 3)),
)  # fmt: skip


def sums(group):
    for equation, *shapes in SUMS:
        group.case(lambda *a: t.einsum(equation, *a), *(f32(*shape) for shape in shapes))
        group.case(lambda *a: t.einsum(equation, *a).mul(2).sum(), *(f64(*shape) for shape in shapes))
        group.case(lambda *a: t.einsum(equation, *a), *(i64(*shape) for shape in shapes))
    group.case(lambda a, b: t.einsum("ij,jk->ik", [a, b]), f32(2, 3), f32(3, 4))
    for equation, *shapes in (("ij,jk->ik", (2, 3), (4, 4)), ("ij->ik", (2, 3)), ("ij,jk", (2, 3)), ("i", (2, 3)), ("i1", (2, 3)), ("ij->ii", (2, 3)), ("ii->i", (2, 3)), ("ij", (2, 3), (2, 3)), ("......", (2,))):
        group.case(lambda *a: t.einsum(equation, *a), *(f32(*shape) for shape in shapes))


def functions(group):
    for make in (f32, f64):
        for options in ({}, {"padding_idx": 1}, {"padding_idx": -1}, {"scale_grad_by_freq": True}, {"padding_idx": 0, "scale_grad_by_freq": True}):
            group.case(lambda i, w: t.embedding(i, w, **options), lit([[0, 2, 1], [2, 2, 3]], torch.int64), make(4, 3))
            group.case(lambda i, w: t.embedding(i, w.mul(2), **options), lit([3, 0], torch.int32), make(4, 3))
        group.case(lambda i, w: (t.embedding(i, w, max_norm=0.8), w), lit([[0, 2], [2, 1]], torch.int64), make(4, 3, requires_grad=False), chain=False)
        group.case(lambda i, w: (t.embedding(i, w, max_norm=0.5, norm_type=1.0), w), lit([0, 2], torch.int64), make(4, 3, requires_grad=False), chain=False)
    group.case(lambda i, w: t.embedding(i, w), lit(1, torch.int64), f32(4, 3))
    group.case(lambda i, w: t.embedding(i, w), i64(0), f32(4, 3))
    group.case(lambda i, w: t.embedding(i, w), lit([4], torch.int64), f32(4, 3))
    group.case(lambda i, w: t.embedding(i, w, padding_idx=4), lit([0], torch.int64), f32(4, 3)) if False else None
    group.case(lambda i, w: t.embedding(i, w), lit([0.0], requires_grad=False), f32(4, 3))
    group.case(lambda i, w, g: t.grad(t.embedding(i, w.mul(w)), [w], g), lit([0, 0], torch.int64), f32(4, 3), f32(2, 3), chain=False)
    group.case(lambda i: t.one_hot(i), lit([0, 2, 1], torch.int64))
    group.case(lambda i: t.one_hot(i, num_classes=5), lit([[0, 2], [1, 4]], torch.int64))
    group.case(lambda i: t.one_hot(i, 5), lit(3, torch.int64))
    group.case(lambda i: t.one_hot(i, 5), i64(0, 2))
    for values in ([0, 5], [-1, 2]):
        group.case(lambda i: t.one_hot(i, num_classes=5), lit(values, torch.int64))
    group.case(lambda i: t.one_hot(i), i64(0))
    for options in ({}, {"full": True, "reduction": "sum"}, {"reduction": "none", "eps": 0.5}):
        for make in (f32, f64):
            group.case(lambda a, b, v: t.gaussian_nll_loss(a, b, v.abs(), **options), make(2, 3), make(2, 3), make(2, 3))
    for reduction in ("mean", "sum", "none"):
        for name, option in (("huber_loss", "delta"), ("smooth_l1_loss", "beta")):
            for shape in ((3, 4), ()):
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f32(*shape), f32(*shape))
                group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction, **{option: 0.4}), f64(*shape), f64(*shape))
            group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f32(3, 4), const(4))
            group.case(lambda a, b: getattr(t, name)(a, b, reduction=reduction), f32(0, 4), f32(0, 4))
        group.case(lambda a, b: t.smooth_l1_loss(a, b, reduction=reduction, beta=0.0), f32(3, 4), f32(3, 4))
        for make in (const, maker(torch.float32, kind="positive")):
            group.case(lambda a, b: t.kl_div(a, b, reduction=reduction), f32(3, 4), make(3, 4))
            group.case(lambda a, b: t.kl_div(a, b, reduction=reduction, log_target=True), f32(3, 4), make(3, 4))
    group.case(lambda a, b: t.kl_div(a, b, reduction="batchmean"), f32(3, 4), maker(torch.float32, kind="positive")(3, 4))
    group.case(lambda a, b: t.kl_div(a, b, reduction="batchmean"), f32(), maker(torch.float32, kind="positive")())
    group.case(lambda a, b: t.huber_loss(a, b, delta=0.0), f32(3), f32(3))
    group.case(lambda a, b: t.smooth_l1_loss(a, b, beta=-1.0), f32(3), f32(3))
    for name in ("huber_loss", "smooth_l1_loss"):
        group.case(lambda a, b, g: t.grad(getattr(t, name)(a.mul(a), b), [a, b], g), f32(3, 4), f32(3, 4), f32(), chain=False)


def images(group):
    for shape in ((1, 2, 4, 5), (2, 4, 5), (2, 1, 3, 3)):
        for options in ({}, {"padding": 1}, {"stride": 2, "padding": (0, 1)}, {"dilation": (1, 2), "padding": 1}):
            group.case(lambda a: t.unfold(a, 2, **options), f32(*shape))
            group.case(lambda a: t.unfold(a, (2, 3), **options), f64(*shape)) if options != {} or shape[-1] > 2 else None
    group.case(lambda a: t.unfold(a, 5), f32(1, 2, 4, 5))
    group.case(lambda a: t.unfold(a, 2), f32(4, 5))
    group.case(lambda a: t.unfold(a, 2), f32(0, 2, 4, 5))
    for shape, size, options in (((1, 8, 9), (4, 4), {}), ((8, 9), 4, {}), ((2, 12, 8), (4, 3), {"padding": (1, 0), "stride": 1}), ((1, 8, 4), (4, 4), {"stride": 2})):
        kernel = 2 if shape[-2] == 8 else (3, 2) if shape[-2] == 12 else 2
        group.case(lambda a: t.fold(a, size, kernel, **options), f32(*shape))
    group.case(lambda a: t.fold(a, (4, 4), 2), f32(1, 8, 8))
    for shape in ((1, 4, 2, 3), (8, 2, 3), (2, 1, 8, 2, 2)):
        group.case(lambda a: t.pixel_shuffle(a, 2), f32(*shape))
        group.case(lambda a: t.pixel_unshuffle(a, 2), f32(*shape[:-2], 2, 4))
    group.case(lambda a: t.pixel_shuffle(a, 3), f64(18, 2, 1))
    group.case(lambda a: t.pixel_shuffle(a, 2), f32(7, 2, 2))
    group.case(lambda a: t.pixel_shuffle(a, 2), f32(4, 2))
    group.case(lambda a: t.pixel_unshuffle(a, 2), f32(1, 3, 2))
    group.case(lambda a, g: t.grad(t.pixel_shuffle(a.mul(a), 2), [a], g), f32(4, 2, 2), f32(1, 4, 4), chain=False)
    group.case(lambda a, g: t.grad(t.unfold(a.mul(a), 2), [a], g), f32(2, 3, 3), f32(8, 4), chain=False)


def write():
    group = Group("functional")
    norms(group)
    distances(group)
    sums(group)
    functions(group)
    images(group)
    group.write()
