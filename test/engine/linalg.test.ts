/** What PyTorch cannot be asked in a golden file: errors that come when numbers are computed, and large matrices. */
import { describe, expect, it } from 'vitest';
import { CompiledStep, Generator, linalg, ones, rand, randn, tensor, zeros } from '../../src/engine';

const random = (...shape: number[]) => randn(shape, { dtype: 'float64', generator: new Generator(7) });

async function largest(x: { data(): Promise<ArrayLike<number | bigint>> }): Promise<number> {
  return Math.max(...Array.from(await x.data(), value => Math.abs(Number(value))));
}

describe('linear algebra', () => {
  it('complains about a singular matrix when it is computed', async () => {
    const singular = ones([2, 2]);
    await expect(linalg.inv(singular).data()).rejects.toThrow(
      'linalg.inv: The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular.',
    );
    await expect(linalg.solve(singular, ones([2])).data()).rejects.toThrow(
      /the solve could not be completed/,
    );
    expect(await linalg.cond(zeros([2, 2]), 1).item()).toBe(Number.POSITIVE_INFINITY);
  });

  it('puts matrices of 40 rows together again', async () => {
    const a = random(40, 40);
    const { u, s, vh } = linalg.svd(a);
    expect(await largest(u.matmul(s.unsqueeze(-1).mul(vh)).sub(a))).toBeLessThan(1e-12);
    const { q, r } = linalg.qr(a);
    expect(await largest(q.matmul(r).sub(a))).toBeLessThan(1e-12);
    const symmetric = a.add(a.mT());
    const { eigenvalues, eigenvectors } = linalg.eigh(symmetric);
    const again = eigenvectors.mul(eigenvalues.unsqueeze(-2)).matmul(eigenvectors.mT());
    expect(await largest(again.sub(symmetric))).toBeLessThan(1e-12);
    expect(
      await largest(
        linalg
          .inv(a)
          .matmul(a)
          .sub(tensor(1).mul(linalg.pinv(a).matmul(a))),
      ),
    ).toBeLessThan(1e-9);
  });

  it('finds complex eigenvalues whose sums are those of the powers of the matrix', async () => {
    const a = random(30, 30);
    const values = linalg.eigvals(a);
    const [re, im] = [values.select(-1, 0), values.select(-1, 1)];
    expect(await im.sum().item()).toBeCloseTo(0, 10);
    expect(await re.sum().item()).toBeCloseTo(await a.trace().item(), 10);
    const squares = re.mul(re).sub(im.mul(im)).sum();
    expect(await squares.item()).toBeCloseTo(await a.matmul(a).trace().item(), 9);
    expect(await im.abs().gt(1e-9).sum().item()).toBeGreaterThan(0);
  });

  it('knows the rank of a product of thin matrices', async () => {
    const thin = rand([6, 2], { generator: new Generator(2) }).matmul(
      rand([2, 5], { generator: new Generator(3) }),
    );
    expect(await linalg.matrixRank(thin).item()).toBe(2);
  });

  it('cannot be part of a compiled step, but norms can', async () => {
    const state = ones([3, 3]);
    await expect(CompiledStep.compile('cpu', [state], () => [linalg.det(state)])).rejects.toThrow(
      'linalg_det is computed on the host: it cannot be part of a compiled step',
    );
    const step = await CompiledStep.compile('cpu', [state], () => [linalg.norm(state)]);
    expect(step).toBeDefined();
  });
});
