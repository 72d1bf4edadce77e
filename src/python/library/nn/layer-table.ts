/**
 * PyTorch's layers that the engine has as classes: parameters in PyTorch's order, those behind the bar in the engine's
 * object of settings. Behind the arrow: what the layer's `forward` takes.
 */
const table = `
Linear(in_features, out_features | bias)
LazyLinear(out_features | bias)
Bilinear(in1_features, in2_features, out_features | bias) -> input1, input2
Conv1d(in_channels, out_channels, kernel_size | stride, padding, dilation, groups, bias, padding_mode)
Conv2d(in_channels, out_channels, kernel_size | stride, padding, dilation, groups, bias, padding_mode)
LazyConv1d(out_channels, kernel_size | stride, padding, dilation, groups, bias, padding_mode)
LazyConv2d(out_channels, kernel_size | stride, padding, dilation, groups, bias, padding_mode)
ConvTranspose1d(in_channels, out_channels, kernel_size | stride, padding, output_padding, groups, bias, dilation)
ConvTranspose2d(in_channels, out_channels, kernel_size | stride, padding, output_padding, groups, bias, dilation)
LazyConvTranspose1d(out_channels, kernel_size | stride, padding, output_padding, groups, bias, dilation)
LazyConvTranspose2d(out_channels, kernel_size | stride, padding, output_padding, groups, bias, dilation)
MaxPool1d(kernel_size | stride, padding, dilation, return_indices, ceil_mode)
MaxPool2d(kernel_size | stride, padding, dilation, return_indices, ceil_mode)
MaxUnpool1d(kernel_size | stride, padding) -> input, indices, output_size
MaxUnpool2d(kernel_size | stride, padding) -> input, indices, output_size
AvgPool1d(kernel_size | stride, padding, ceil_mode, count_include_pad)
AvgPool2d(kernel_size | stride, padding, ceil_mode, count_include_pad, divisor_override)
AdaptiveAvgPool1d(output_size)
AdaptiveAvgPool2d(output_size)
BatchNorm1d(num_features | eps, momentum, affine, track_running_stats)
BatchNorm2d(num_features | eps, momentum, affine, track_running_stats)
LazyBatchNorm1d( | eps, momentum, affine, track_running_stats)
LazyBatchNorm2d( | eps, momentum, affine, track_running_stats)
InstanceNorm1d(num_features | eps, momentum, affine, track_running_stats)
InstanceNorm2d(num_features | eps, momentum, affine, track_running_stats)
LayerNorm(normalized_shape | eps, elementwise_affine)
GroupNorm(num_groups, num_channels | eps, affine)
Embedding(num_embeddings, embedding_dim | padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
RNNCell(input_size, hidden_size | bias, nonlinearity) -> input, hx
GRUCell(input_size, hidden_size | bias) -> input, hx
LSTMCell(input_size, hidden_size | bias) -> input, hx
TransformerEncoderLayer(d_model, nhead | dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first) -> src
`;

/** One line of the table. */
export interface LayerLine {
  readonly name: string;
  readonly ordered: readonly string[];
  readonly settings: readonly string[];
  readonly takes: readonly string[];
}

const names = (list: string) =>
  list
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '');

/** The table, line by line. */
export const layerLines: readonly LayerLine[] = table
  .trim()
  .split('\n')
  .map(line => {
    const [, name = '', inside = '', takes = 'input'] = /^(\w+)\((.*?)\)(?: -> (.*))?$/.exec(line) ?? [];
    const [ordered = '', settings = ''] = inside.split('|');
    return { name, ordered: names(ordered), settings: names(settings), takes: names(takes) };
  });
