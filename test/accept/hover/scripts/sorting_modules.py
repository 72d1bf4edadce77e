import torch
import torch.nn as nn
from collections import OrderedDict


class Inception(nn.Module):
    def __init__(self, cin, *outs):
        super().__init__()
        self.branches = nn.ModuleList([nn.Conv2d(cin, o, k, padding=k // 2) for o, k in zip(outs, (1, 3, 5))])
        self.pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(cin, outs[0], 1))

    def forward(self, x):
        parts = [branch(x) for branch in self.branches] + [self.pool(x)]
        return torch.cat(parts, 1)


class SE(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.fc = nn.Sequential(OrderedDict([('down', nn.Linear(c, c // r)), ('act', nn.ReLU()), ('up', nn.Linear(c // r, c))]))

    def forward(self, x):
        b, c, _, _ = x.size()
        w = x.mean(dim=(2, 3))
        w = torch.sigmoid(self.fc(w)).view(b, c, 1, 1)
        return x * w.expand_as(x)


class VGG(nn.Module):
    cfg = [16, 'M', 32, 32, 'M']

    def __init__(self):
        super().__init__()
        self.features = self._make()
        self.classifier = nn.Linear(32 * 8 * 8, 10)
        self._init()

    def _make(self):
        layers, c = [], 3
        for v in self.cfg:
            if v == 'M':
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                layers += [nn.Conv2d(c, v, kernel_size=3, padding=1), nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
                c = v
        return nn.Sequential(*layers)

    def _init(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out')
                if m.bias is not None:
                    m.bias.data.zero_()
            elif isinstance(m, nn.Linear):
                m.weight.data.normal_(0, 0.01)

    def forward(self, x):
        feats = self.features(x)
        flat = feats.view(feats.shape[0], -1)
        return self.classifier(flat)


x = torch.randn(2, 8, 16, 16)
inc = Inception(8, 4, 6, 8)
y = inc(x)
z = SE(y.shape[1])(y)
out = VGG()(torch.randn(2, 3, 32, 32))
for name, layer in inc.named_children():
    n = sum(p.numel() for p in layer.parameters())
params = list(inc.parameters())
first = params[0]
sd = inc.state_dict()
w = sd['branches.0.weight']
bi = nn.LSTM(5, 7, num_layers=2, bidirectional=True)
seq, (hn, cn) = bi(torch.randn(9, 3, 5))
gru = nn.GRU(5, 7, batch_first=True)
o, hid = gru(torch.randn(3, 9, 5))
cell = nn.LSTMCell(5, 7)
h, c = torch.zeros(3, 7), torch.zeros(3, 7)
for step in range(4):
    h, c = cell(torch.randn(3, 5), (h, c))
rnn_cell = nn.RNNCell(2, 4)
s = rnn_cell(torch.zeros(1, 2))
d = nn.Dropout(0.5)(s)
e = nn.Embedding(10, 3, padding_idx=0)(torch.tensor([[1, 2], [0, 4]]))
ln = nn.LayerNorm([2, 3])(e)
c1 = nn.Conv1d(3, 6, 2)(e.transpose(1, 2))
t1 = nn.ConvTranspose2d(8, 4, 2, stride=2)(x)
pr = nn.PReLU()(x)
gn = nn.GroupNorm(2, 8)(x)
up = nn.Upsample(scale_factor=2, mode='nearest')(x)
ps = nn.PixelShuffle(2)(x)
am = nn.AdaptiveMaxPool2d((4, 2))(x)
c3 = nn.Conv3d(1, 2, 3, padding=1)(torch.randn(1, 1, 4, 4, 4))
loss = nn.BCEWithLogitsLoss()(out, torch.rand(2, 10))
kl = nn.KLDivLoss(reduction='batchmean')(out.log_softmax(1), out.softmax(1))
tm = nn.TripletMarginLoss()(s, s, s)
bl = nn.Bilinear(2, 3, 4)(torch.rand(5, 2), torch.rand(5, 3))
