"""Trains a convolutional network in PyTorch with its tensors in memory; prints the seconds of each round of steps.

Usage: torch_cnn.py NETWORK BATCH STEPS THREADS
Reads a line before each round, so that the caller can take turns with it; ends with its input.
"""
import sys
import time

import torch
import torch.nn.functional as functional
from torch import nn

name, batch, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

torch.manual_seed(0)
torch.set_num_threads(threads)
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
}  # fmt: skip
images = torch.rand(batch * steps, 1, 28, 28)
labels = torch.randint(0, 10, (batch * steps,))
model = NETWORKS[name]()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

print("ready", flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    order = torch.randperm(batch * steps)
    for start in range(0, batch * steps, batch):
        chosen = order[start : start + batch]
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - began, flush=True)
