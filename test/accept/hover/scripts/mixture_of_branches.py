"""Branches in a ModuleDict, joined; weights that start as `init_weights` says."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def init_weights(m):
    if isinstance(m, (nn.Conv2d, nn.Linear)):
        nn.init.xavier_uniform_(m.weight)
        if m.bias is not None:
            nn.init.constant_(m.bias, 0.01)


class Branches(nn.Module):
    def __init__(self, channels=6, **kwargs):
        super().__init__()
        sizes = kwargs.get('sizes', (1, 3, 5))
        self.branches = nn.ModuleDict({f'conv{k}': nn.Conv2d(1, channels, k, padding=k // 2) for k in sizes})
        self.pool = nn.MaxPool2d(4)
        self.act = nn.LeakyReLU(0.1)
        self.fc = nn.Linear(channels * len(sizes) * 49, 10)
        self.apply(init_weights)

    @property
    def width(self):
        return self.fc.in_features

    def forward(self, x):
        maps = torch.cat([self.act(branch(x)) for branch in self.branches.values()], dim=1)
        pooled = self.pool(maps)
        return self.fc(pooled.reshape(-1, self.width))


net = Branches()
images = torch.rand(8, 1, 28, 28)
scores = net(images)
