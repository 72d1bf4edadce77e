"""Trains a small network in PyTorch with its tensors in memory; prints the seconds of each round of steps.

Usage: torch_steps.py NETWORK BATCH STEPS THREADS
Reads a line before each round, so that the caller can take turns with it; ends with its input. It prints the seconds
that passed and the seconds of processor time.
"""
import sys
import time

import torch
import torch.nn.functional as functional
from torch import nn

name, batch, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

torch.manual_seed(0)
torch.set_num_threads(threads)


class RowReader(nn.Module):
    """An LSTM that reads an image row by row."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True)
        self.head = nn.Linear(128, 10)

    def forward(self, images):
        states, _ = self.lstm(images.squeeze(1))
        return self.head(states[:, -1])


class Attentive(nn.Module):
    """The rows of an image attend to each other."""

    def __init__(self, layer, attend):
        super().__init__()
        self.embed = nn.Linear(28, 64)
        self.layer = layer
        self.attend = attend
        self.head = nn.Linear(64, 10)

    def forward(self, images):
        return self.head(self.attend(self.layer, self.embed(images.squeeze(1))).mean(1))


NETWORKS = {
    "preset": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(32, 64, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
    ),
    "plain": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10),
    ),
    "lstm": RowReader,
    "multihead": lambda: Attentive(
        nn.MultiheadAttention(64, 4, batch_first=True),
        lambda layer, rows: layer(rows, rows, rows, need_weights=False)[0],
    ),
    "encoder": lambda: Attentive(
        nn.TransformerEncoderLayer(64, 4, dim_feedforward=256, batch_first=True), lambda layer, rows: layer(rows)
    ),
}  # fmt: skip
images = torch.rand(batch * steps, 1, 28, 28)
labels = torch.randint(0, 10, (batch * steps,))
model = NETWORKS[name]()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

print("ready", flush=True)
for _ in sys.stdin:
    began, worked = time.perf_counter(), time.process_time()
    order = torch.randperm(batch * steps)
    for start in range(0, batch * steps, batch):
        chosen = order[start : start + batch]
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - began, time.process_time() - worked, flush=True)
