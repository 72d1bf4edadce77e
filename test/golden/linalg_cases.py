"""Linear algebra. Signs of singular vectors and eigenvectors are free, so products are compared."""
import torch
from recorder import Group, f32, f64, i64, lit, maker, t

inf = float("inf")
SHAPES = ((3, 3), (2, 3, 3), (1, 1), (2, 1, 4, 4))
WIDE = ((3, 2), (2, 4), (2, 3, 2), (1, 3))
SINGULAR = [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.5, -1.0]]
RANK_ONE = [[1.0, 2.0], [2.0, 4.0], [0.5, 1.0]]


def apart(a):
    """A square matrix that is not nearly singular."""
    return a.add(t.eye(a._tensor.shape[-1], dtype=a._tensor.dtype).mul(6))


def systems(group):
    for make in (f32, f64):
        for shape in SHAPES:
            group.case(lambda a: t.linalg_inv(apart(a)), make(*shape))
            group.case(lambda a: t.linalg_det(apart(a)), make(*shape))
            group.case(lambda a: apart(a).det().log(), make(*shape))
            group.case(lambda a: apart(a).inverse(), make(*shape))
            n = shape[-1]
            group.case(lambda a, b: t.linalg_solve(apart(a), b), make(*shape), make(*shape[:-1], 2))
            group.case(lambda a, b: t.linalg_solve(apart(a), b), make(*shape), make(*shape[:-1]))
            group.case(lambda a, b: t.linalg_solve(apart(a), b), make(*shape), make(n))
            group.case(lambda a, b: t.linalg_solve(apart(a), b, left=False), make(*shape), make(*shape[:-2], 2, n), chain=False)
        # The gradient of a singular matrix is that of its cofactors; PyTorch's LU decomposition gives 0.
        group.case(lambda a: t.linalg_det(a), lit(SINGULAR, torch.float64, requires_grad=False))
        group.case(lambda a: t.linalg_det(a), lit([[0.0, 2.0], [1.0, 0.0]]))
        group.case(lambda a: t.linalg_inv(a), lit([[0.0, 2.0], [1.0, 0.0]]))
    for shape in ((0, 0), (2, 0, 0), (0, 3, 3)):
        group.case(lambda a: t.linalg_inv(a), f32(*shape))
        group.case(lambda a: t.linalg_det(a), f32(*shape))
    group.case(lambda a, g: t.grad(t.linalg_inv(a.mul(a)), [a], g), f64(3, 3), f64(3, 3), chain=False)
    group.case(lambda a, g: t.grad(t.linalg_det(a.mul(a)), [a], g), f64(2, 3, 3), f64(2), chain=False)
    group.case(lambda a, b, g: t.grad(t.linalg_solve(apart(a), b.mul(b)), [a, b], g), f64(3, 3), f64(3, 2), f64(3, 2), chain=False)
    for name in ("linalg_inv", "linalg_det"):
        for spec in (f32(2, 3), f32(3), i64(2, 2)):
            group.case(lambda a: getattr(t, name)(a), spec)
    group.case(lambda a, b: t.linalg_solve(a, b), f32(3, 3), f32(2, 2))
    group.case(lambda a, b: t.linalg_solve(a, b), f32(3, 3), f64(3, 2))


def factors(group):
    for make in (f32, f64):
        for shape in SHAPES + WIDE:
            group.case(lambda a: t.linalg_svdvals(a), make(*shape))
            group.case(lambda a: (lambda u, s, vh: u.matmul(s.unsqueeze(-1).mul(vh)))(*t.linalg_svd(a, full_matrices=False)), make(*shape), chain=False)
            group.case(lambda a: (lambda u, s, vh: (u.matmul(u.mT()), vh.matmul(vh.mT())))(*t.linalg_svd(a)), maker(make().dtype, requires_grad=False)(*shape))
            group.case(lambda a: t.linalg_qr(a), make(*shape))
            group.case(lambda a: t.linalg_qr(a, "complete"), maker(make().dtype, requires_grad=False)(*shape))
            group.case(lambda a: t.linalg_qr(a, mode="r")[1], maker(make().dtype, requires_grad=False)(*shape))
            group.case(lambda a: t.linalg_pinv(a), f64(*shape))
            group.case(lambda a: t.linalg_pinv(a), maker(torch.float32, requires_grad=False)(*shape))
            group.case(lambda a: t.linalg_matrix_rank(a), make(*shape))
        for shape in SHAPES:
            group.case(lambda a: t.linalg_eigh(a)[0], make(*shape))
            group.case(lambda a: t.linalg_eigh(a, UPLO="U")[0], make(*shape))
            group.case(lambda a: (lambda w, v: v.mul(w.exp().unsqueeze(-2)).matmul(v.mT()))(*t.linalg_eigh(a.add(a.mT()))), make(*shape), chain=False)
            group.case(lambda a: (lambda w, v: v.mul(v))(*t.linalg_eigh(a)), make(*shape), chain=False)
        group.case(lambda a: (lambda u, s, vh: u.mul(u).matmul(vh.mul(vh)))(*t.linalg_svd(a, full_matrices=False)), make(3, 4), chain=False)
    for values in (SINGULAR, RANK_ONE, [[0.0, 0.0], [0.0, 0.0]]):
        for dtype in (torch.float32, torch.float64):
            plain = lit(values, dtype, requires_grad=False)
            group.case(lambda a: t.linalg_svdvals(a), plain)
            group.case(lambda a: t.linalg_pinv(a), plain)
            group.case(lambda a: t.linalg_matrix_rank(a), plain)
            group.case(lambda a: t.linalg_matrix_rank(a, atol=2.0), plain)
            group.case(lambda a: t.linalg_pinv(a, rtol=0.4), plain)
            group.case(lambda a: (lambda u, s, vh: (u.matmul(u.mT()), u.narrow(-1, 0, 2).matmul(s.unsqueeze(-1).mul(vh.narrow(-2, 0, 2)))))(*t.linalg_svd(a)), plain) if len(values[0]) == 2 else None
    for shape in ((0, 3), (3, 0), (0, 2, 2)):
        group.case(lambda a: t.linalg_svdvals(a), f32(*shape))
        group.case(lambda a: t.linalg_qr(a), f32(*shape))
    group.case(lambda a: t.linalg_qr(a, "full"), f32(2, 2))
    group.case(lambda a: t.linalg_eigh(a), f32(2, 3))
    group.case(lambda a: t.linalg_svd(a), f32(3))
    # Complex eigenvalues, in no particular order: their sums of powers.
    for make in (maker(torch.float32, requires_grad=False), maker(torch.float64, requires_grad=False)):
        for shape in ((3, 3), (2, 3, 3), (1, 1), (6, 6)):
            group.case(lambda a: t.linalg_eigvals(a).sum(-2), make(*shape))
            group.case(lambda a: t.linalg_eigvals(a).mul(t.linalg_eigvals(a)).sum(-1).sort()[0], make(*shape))
        for values in ([[0.0, -1.0], [1.0, 0.0]], [[1.0, 2.0], [3.0, 4.0]], [[2.0, 1.0], [0.0, 2.0]], [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], SINGULAR):
            group.case(lambda a: t.linalg_eigvals(a).sort(-2)[0], lit(values, make().dtype, requires_grad=False)) if values != [[2.0, 1.0], [0.0, 2.0]] else None
            group.case(lambda a: t.linalg_eigvals(a).mul(t.linalg_eigvals(a)).sum(-1).sort()[0], lit(values, make().dtype, requires_grad=False))


def norms(group):
    for order in (None, 0, 1, 2, 3, -1, inf, -inf, "fro", "nuc", -2):
        for shape in ((3,), (3, 4), (2, 3, 4)):
            if isinstance(order, (int, float)):
                group.case(lambda a: t.linalg_vector_norm(a, order), f32(*shape))
                group.case(lambda a: t.linalg_vector_norm(a, order, -1, True), f64(*shape))
            group.case(lambda a: t.linalg_norm(a, order), f32(*shape))
            group.case(lambda a: t.linalg_norm(a, order, dim=0, keepdim=True), f32(*shape))
            if order is not None:
                group.case(lambda a: t.linalg_matrix_norm(a, order), f32(*shape))
                for dims in ((0, 1), (1, 0), (-1, 0)):
                    for keepdim in (False, True):
                        group.case(lambda a: t.linalg_matrix_norm(a, order, dims, keepdim), f64(*shape))
                        group.case(lambda a: t.linalg_norm(a, order, dims, keepdim), f32(*shape))
        group.case(lambda a: t.linalg_cond(apart(a), order), f32(3, 3))
        group.case(lambda a: t.linalg_cond(a, order), f64(2, 3, 3))
        group.case(lambda a: t.linalg_cond(a, order), lit([[1.0, 2.0], [2.0, 4.0]], requires_grad=False)) if order in (1, inf, "fro") else None
        group.case(lambda a: t.linalg_cond(a, order), f32(3, 2))
    group.case(lambda a: t.linalg_vector_norm(a, 3, dtype=torch.float64), f32(3, 4))
    group.case(lambda a: t.linalg_norm(a, dtype=torch.float64), f32(3, 4))
    group.case(lambda a: t.linalg_matrix_norm(a, 1, dtype=torch.float64), f32(3, 4))
    group.case(lambda a: t.linalg_vector_norm(a), i64(3))
    group.case(lambda a: t.linalg_vector_norm(a, inf), f32(0))
    group.case(lambda a, b: t.linalg_cross(a, b), f32(2, 3), f32(2, 3))
    group.case(lambda a, b: t.linalg_cross(a, b, dim=0), f32(3, 2), f32(3, 1))
    group.case(lambda a: a.norm("nuc"), f32(3, 4))
    group.case(lambda a: a.norm("nuc", (0, 2), True), f32(3, 2, 4))
    for shape in ((3, 2), (2, 4), (3, 3)):
        group.case(lambda a: a.pinverse(), f32(*shape))


def write():
    group = Group("linear-algebra")
    systems(group)
    factors(group)
    norms(group)
    group.write()
