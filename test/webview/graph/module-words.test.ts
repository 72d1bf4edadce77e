/** What stands on the boxes of modules: what PyTorch prints of them, without what is usual. */
import { expect, it } from 'vitest';
import { moduleWords } from '../../../webview/graph/model/module-words';

it.each([
  ['Linear', 'in_features=784, out_features=256, bias=True', '784 → 256'],
  ['Conv2d', '1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2)', '1 → 6 · 5×5, padding 2'],
  [
    'Conv2d',
    '6, 16, kernel_size=(3, 5), stride=(2, 1), padding=(1, 0)',
    '6 → 16 · 3×5, stride 2×1, padding 1×0',
  ],
  ['Conv2d', '3, 8, kernel_size=(3, 3), stride=(1, 1), padding=same', '3 → 8 · 3×3, padding same'],
  ['Conv2d', '8, 8, kernel_size=(3, 3), stride=(1, 1), groups=8, bias=False', '8 → 8 · 3×3 · groups=8'],
  ['Conv1d', '3, 8, kernel_size=(3,), stride=(1,)', '3 → 8 · 3'],
  ['MaxPool2d', 'kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False', '2×2'],
  ['AvgPool2d', 'kernel_size=3, stride=2, padding=1', '3×3, stride 2, padding 1'],
  ['AdaptiveAvgPool2d', 'output_size=(1, 1)', 'output_size=(1, 1)'],
  ['BatchNorm1d', '64, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True', '64'],
  ['LayerNorm', '(64,), eps=1e-05, elementwise_affine=True', '64'],
  ['Dropout', 'p=0.3, inplace=False', 'p=0.3'],
  ['Embedding', '1000, 64, padding_idx=0', '1000 → 64 · padding_idx=0'],
  ['LSTM', '28, 128, num_layers=2, batch_first=True', '28, 128, num_layers=2, batch_first=True'],
  ['Flatten', 'start_dim=1, end_dim=-1', 'start_dim=1, end_dim=-1'],
  ['ReLU', '', ''],
])('%s(%s)', (kind, description, words) => {
  expect(moduleWords({ path: 'm', kind, description, parameters: 0 })).toBe(words);
});
