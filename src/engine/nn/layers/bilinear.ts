/** The bilinear layer: each output is a bilinear form of two inputs. */
import { zeros } from '../../ops/creation/creation';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { uniform } from '../uniform';

/** yₖ = x₁ᵀ Aₖ x₂ + bₖ, of [*, in₁] and [*, in₂] to [*, out]. */
export class Bilinear extends Module<[first: Tensor, second: Tensor]> {
  /** [out, in₁, in₂] */
  readonly weight: Parameter;
  /** [out] */
  readonly bias: Parameter | undefined;

  constructor(
    readonly in1Features: number,
    readonly in2Features: number,
    readonly outFeatures: number,
    { bias = true }: { readonly bias?: boolean } = {},
  ) {
    super();
    const bound = 1 / Math.sqrt(in1Features);
    this.weight = new Parameter(uniform([outFeatures, in1Features, in2Features], bound));
    this.bias = bias ? new Parameter(uniform([outFeatures], bound)) : undefined;
  }

  override describe(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return (
      `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, ` +
      `bias=${bias === undefined ? 'False' : 'True'}`
    );
  }

  override forward(first: Tensor, second: Tensor): Tensor {
    const { in1Features, in2Features, outFeatures, weight, bias } = this;
    const leading = first.shape.slice(0, -1);
    const rows = leading.reduce((product, size) => product * size, 1);
    const left = first.reshape([rows, in1Features]);
    // [N, in₁] × [in₁, out · in₂]: for each sample and output the vector that meets the second input.
    const matrix = weight.permute([1, 0, 2]).reshape([in1Features, outFeatures * in2Features]);
    const forms = left.mm(matrix).reshape([rows, outFeatures, in2Features]);
    const result = forms.mul(second.reshape([rows, 1, in2Features])).sum(2);
    return result.add(bias ?? zeros([], { device: first.device })).reshape([...leading, outFeatures]);
  }
}
