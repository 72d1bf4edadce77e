import torch
from torch import nn
import torch.nn.functional as F


class DeepNet(nn.Module):
    def __init__(self, sizes, dropout=0.2):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.norms = nn.ModuleList()
        for size in sizes[1:-1]:
            self.norms.append(nn.LayerNorm(size))
        self.scale = nn.Parameter(torch.ones(1))
        self.heads = nn.ModuleDict({'mean': nn.Linear(sizes[-1], 1), 'scale': nn.Linear(sizes[-1], 1)})
        self.drop = nn.Dropout(dropout)

    def forward(self, x, return_hidden=False):
        hidden = []
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.norms):
                x = self.drop(F.gelu(self.norms[i](x)))
                hidden.append(x)
        out = {name: head(x) * self.scale for name, head in self.heads.items()}
        if return_hidden:
            return out, hidden
        return out


net = DeepNet([8, 64, 32, 16])
x = torch.randn(5, 8)
out = net(x)
mean = out['mean']
out, hidden = net(x, return_hidden=True)
last = hidden[-1]
total = sum(p.numel() for p in net.parameters())
for name, param in net.named_parameters():
    print(name, tuple(param.shape))
