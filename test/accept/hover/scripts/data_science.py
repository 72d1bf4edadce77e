"""Iris-like data: standardise, split, train, confusion matrix."""
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
N_CLASSES = 3
features = torch.cat([torch.randn(50, 4) + 3 * k for k in range(N_CLASSES)])
labels = torch.arange(N_CLASSES).repeat_interleave(50)
features = (features - features.mean(dim=0)) / features.std(dim=0)
perm = torch.randperm(len(features))
split = int(0.8 * len(features))
train_idx, test_idx = perm[:split], perm[split:]
train_ds = TensorDataset(features[train_idx], labels[train_idx])
test_ds = TensorDataset(features[test_idx], labels[test_idx])
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True, drop_last=True)
test_dl = DataLoader(test_ds, batch_size=len(test_ds))


class Model(nn.Module):
    def __init__(self, n_in: int, n_out: int, widths=(16, 8)):
        super().__init__()
        layers = []
        for width in widths:
            layers += [nn.Linear(n_in, width), nn.ReLU()]
            n_in = width
        layers.append(nn.Linear(n_in, n_out))
        self.net = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)

    @property
    def n_params(self):
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


def evaluate(model, dl):
    confusion = torch.zeros(N_CLASSES, N_CLASSES, dtype=torch.long)
    model.eval()
    with torch.no_grad():
        for xb, yb in dl:
            guess = model(xb).softmax(dim=1).argmax(dim=1)
            for t, g in zip(yb, guess):
                confusion[t, g] += 1
    return confusion


model = Model(4, N_CLASSES)
opt = torch.optim.AdamW(model.parameters(), lr=random.choice([1e-2, 1e-3]))
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=2)
history = []
for epoch in range(4):
    model.train()
    for xb, yb in train_dl:
        opt.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(xb), yb, label_smoothing=0.1)
        loss.backward()
        opt.step()
    history.append(loss.detach())
    sched.step()
confusion = evaluate(model, test_dl)
precision = confusion.diag() / confusion.sum(0).clamp(min=1)
curve = torch.stack(history)
