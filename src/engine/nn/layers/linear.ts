/** The fully connected layer. */
import { stridesOf } from '../../shape';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { uniform } from '../uniform';

/** `input @ weightᵀ + bias` over the last dimension (`torch.nn.functional.linear`). */
export function linear(input: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  if (bias === undefined) return input.matmul(weight.t());
  if (input.ndim === 2) return bias.addmm(input, weight.t());
  // A batch of sequences is one product, as long as its rows lie one behind the other.
  if (input.ndim === 3 && input.stride().join() === stridesOf(input.shape).join()) {
    const [batch = 0, length = 0, features = 0] = input.shape;
    const flat = bias.addmm(input.view(batch * length, features), weight.t());
    return flat.view(batch, length, weight.size(0));
  }
  return input.matmul(weight.t()).add(bias);
}

/** A linear map [*, in] → [*, out] with a bias. */
export class Linear extends Module {
  /** [out, in] */
  readonly weight: Parameter;
  /** [out] */
  readonly bias: Parameter | undefined;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true }: { readonly bias?: boolean } = {},
  ) {
    super();
    // PyTorch's kaiming_uniform_ with a = √5 comes down to this bound.
    const bound = 1 / Math.sqrt(inFeatures);
    this.weight = new Parameter(uniform([outFeatures, inFeatures], bound));
    this.bias = bias ? new Parameter(uniform([outFeatures], bound)) : undefined;
  }

  override describe(): string {
    const { inFeatures, outFeatures, bias } = this;
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=${bias === undefined ? 'False' : 'True'}`;
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }
}
