from dataclasses import dataclass
from typing import List, Optional, Tuple

import torch
from torch import Tensor, nn


@dataclass
class Config:
    width: int = 32
    depth: int = 2
    heads: int = 4
    classes: int = 5


class Mixer(nn.Module):
    def __init__(self, config: Config, tokens: int):
        super().__init__()
        self.config = config
        self.embed = nn.Conv2d(3, config.width, kernel_size=8, stride=8)
        self.blocks = nn.ModuleList(self._block(tokens) for _ in range(config.depth))
        self.cls = nn.Parameter(torch.randn(1, 1, config.width))
        self.head = nn.Linear(config.width, config.classes)

    def _block(self, tokens: int) -> nn.Module:
        return nn.ModuleDict({'norm': nn.LayerNorm(self.config.width), 'mix': nn.Linear(tokens + 1, tokens + 1)})

    def forward(self, images: Tensor, mask: Optional[Tensor] = None) -> Tuple[Tensor, List[Tensor]]:
        patches = self.embed(images)
        b, c, h, w = patches.shape
        tokens = patches.flatten(2).transpose(1, 2)
        cls = self.cls.expand(b, -1, -1)
        tokens = torch.cat([cls, tokens], dim=1)
        maps: List[Tensor] = []
        for block in self.blocks:
            normed = block['norm'](tokens)
            mixed = block['mix'](normed.transpose(1, 2)).transpose(1, 2)
            tokens = tokens + mixed
            maps.append(mixed)
        pooled = tokens[:, 0] if mask is None else (tokens * mask.unsqueeze(-1)).sum(1)
        return self.head(pooled), maps


config = Config(width=24)
mixer = Mixer(config, tokens=16)
images = torch.rand(2, 3, 32, 32)
logits, maps = mixer(images)
stacked = torch.stack(maps, dim=1)
masked, _ = mixer(images, torch.ones(2, 17))
