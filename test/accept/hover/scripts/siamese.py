"""Siamese network with contrastive loss."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Embedder(nn.Module):
    """Embeds digits.

    Input: x of shape [B, 1, 28, 28]
    """

    def __init__(self, dim=16):
        super(Embedder, self).__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 32, kernel_size=5), nn.PReLU(), nn.MaxPool2d(2, stride=2),
            nn.Conv2d(32, 64, kernel_size=5), nn.PReLU(), nn.MaxPool2d(2, stride=2))
        self.fc = nn.Sequential(nn.Linear(64 * 4 * 4, 128), nn.PReLU(), nn.Linear(128, dim))

    def forward_once(self, x):
        out = self.cnn(x)
        out = out.view(out.size()[0], -1)
        return F.normalize(self.fc(out), p=2, dim=1)

    def forward(self, a, b):
        return self.forward_once(a), self.forward_once(b)


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=1.0):
        super().__init__()
        self.margin = margin

    def forward(self, u, v, label):
        d = F.pairwise_distance(u, v, keepdim=True)
        return torch.mean((1 - label) * d.pow(2) + label * torch.clamp(self.margin - d, min=0.0).pow(2))


net = Embedder()
crit = ContrastiveLoss()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
for it in range(3):
    a, b = torch.rand(6, 1, 28, 28), torch.rand(6, 1, 28, 28)
    lab = torch.randint(0, 2, (6, 1)).float()
    u, v = net(a, b)
    loss = crit(u, v, lab)
    opt.zero_grad()
    loss.backward()
    opt.step()
dist = torch.cdist(u, v)
nearest = dist.min(dim=1).indices
