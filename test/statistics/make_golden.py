"""Singular values, ranks, conditions and eigenvalues as PyTorch computes them: python3 test/statistics/make_golden.py."""

import json
import pathlib

import torch


def matrix(rows, columns, rank):
    """A float32 matrix of this rank, or what rounding makes of one."""
    torch.manual_seed(rows * 100 + columns)
    return torch.randn(rows, rank) @ torch.randn(rank, columns)


def case(rows, columns, rank):
    m = matrix(rows, columns, rank)
    values = torch.linalg.svdvals(m.double())
    found = {
        "rows": rows,
        "columns": columns,
        "data": m.flatten().tolist(),
        "singularValues": values.tolist(),
        "rank": int(torch.linalg.matrix_rank(m)),
    }
    if rank == min(rows, columns):
        found["condition"] = float(torch.linalg.cond(m.double()))
    if rows == columns:
        eigenvalues = torch.linalg.eigvals(m.double())
        found["eigenvalues"] = [[float(z.real), float(z.imag)] for z in eigenvalues]
    return found


cases = [case(*sizes) for sizes in [(6, 4, 4), (4, 9, 4), (7, 7, 7), (12, 12, 5), (1, 8, 1), (20, 15, 9)]]
golden = pathlib.Path(__file__).parent / "golden" / "spectrum.json"
golden.write_text(json.dumps(cases) + "\n")
