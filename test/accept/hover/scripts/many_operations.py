"""As many operations as fit into one module, each with arguments in its own way."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Many(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(28, 16)
        self.scale = nn.Parameter(torch.linspace(0.5, 1.5, 16))
        self.table = nn.Parameter(torch.full((5, 16), 0.1))
        self.register_buffer('mask', torch.tril(torch.ones(28, 28)).bool())
        self.leave = nn.Linear(16, 10)

    def activations(self, h):
        a = F.softplus(h, beta=2.0) + F.elu(h, 0.7) + F.leaky_relu(h, negative_slope=0.2) + F.celu(h, alpha=1.3)
        b = F.glu(torch.cat([h, h], -1), dim=-1) + F.hardtanh(h, -0.5, 0.7) + F.softshrink(h, lambd=0.1)
        c = F.gelu(h, approximate='tanh') + F.mish(h) + F.selu(h) + F.logsigmoid(h) + F.softmin(h, dim=-1)
        return a + b - c + torch.rsqrt(1 + h ** 2) + h.sigmoid().log1p() + torch.atan2(h, torch.ones_like(h) * 2)

    def reductions(self, h):
        spread = h.std(dim=1, keepdim=True) + h.var(1, unbiased=False, keepdim=True) + torch.std(h, -1, keepdim=True)
        sizes = h.norm(p=2, dim=-1, keepdim=True) + h.abs().amax(dim=(1, 2), keepdim=True) + h.logsumexp(2, keepdim=True)
        sums = h.cumsum(dim=1) * 0.05 + h.sum((1, 2), keepdim=True) * 0.01 + h.mean(-1, True) + h.prod(dim=2, keepdim=True)
        top, where = h.topk(3, dim=-1)
        return spread + sizes + sums + top.sum(-1, keepdim=True) + h.median(dim=1, keepdim=True)[0] + h.min(-1, keepdim=True).values

    def shapes(self, h):
        moved = h.transpose(1, 2).contiguous().view(h.size(0), 4, 4, 28).permute(0, 3, 1, 2).reshape(h.shape)
        rolled = torch.roll(h, shifts=2, dims=1) + h.flip(1) + h.unsqueeze(1).expand(-1, 2, -1, -1).sum(1)
        parts = torch.stack(h.chunk(4, dim=2), dim=0).mean(0).repeat(1, 1, 4)
        first, *rest = h.unbind(dim=1)
        narrow = F.pad(h.narrow(1, 3, 20), (0, 0, 3, 5), value=0.5) + h[:, ::2].repeat_interleave(2, dim=1)
        picked = h.index_select(1, torch.arange(27, -1, -1)) + h[:, [3] * 28] + first.unsqueeze(1) + rest[-1][:, None]
        return moved + rolled + parts + narrow + picked

    def products(self, h):
        scores = torch.einsum('bij,bkj->bik', h, h) / math.sqrt(16)
        scores = scores.masked_fill(~self.mask, float('-inf')).softmax(dim=-1)
        mixed = torch.baddbmm(h, scores, h, beta=0.5, alpha=2.0) + torch.bmm(scores, h)
        near = F.cosine_similarity(h.unsqueeze(2), self.table, dim=-1) @ self.table
        return mixed + near + F.normalize(h, p=2.0, dim=1) + torch.outer(h[0, :, 0], self.scale)

    def images(self, x):
        pooled = F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False) + F.max_pool2d(x, 3, 1, 1)
        grown = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode='bilinear', align_corners=False)
        return pooled + grown + F.interpolate(x[..., ::2, ::2], size=(28, 28)) + F.adaptive_avg_pool2d(x, (1, 1))

    def forward(self, x):
        rows = self.images(x).squeeze(1)
        h = torch.tanh(self.enter(rows)) * self.scale
        h = h + 0.1 * self.activations(h)
        h = h + 0.02 * self.reductions(h)
        h = torch.lerp(h, self.shapes(h), 0.03)
        h = torch.addcmul(h, self.products(h), h, value=0.05).clamp(-3, max=3.0)
        h = torch.where(h > 1.5, 1.5 + 0.1 * h, h) + (h != 0).float() * 0.01 - 2.0 / (3.0 + h.abs()) + 2 ** (-h.square())
        h = h - (1 - h) % 0.7 * 0.1 + torch.maximum(h, h.roll(1, 0)) - torch.sub(h, 0.1, alpha=0.5)
        h += h.detach() * 0.1
        h[:, 0] = h[:, 1] * 0.5
        h.mul_(0.9).add_(0.01)
        return self.leave(h.mean(dim=1))


net = Many()
images = torch.rand(8, 1, 28, 28)
scores = net(images)
