"""Trains a multilayer perceptron in PyTorch with its tensors in memory; prints for each epoch the seconds that
passed and the seconds of processor time.

Usage: torch_mlp.py SIZES BATCH OPTIMIZER THREADS EPOCHS SAMPLES
Reads a line before each epoch, so that the caller can take turns with it.
"""
import sys
import time

import torch
import torch.nn.functional as functional
from torch import nn

sizes = [int(size) for size in sys.argv[1].split('-')]
batch, optimizer_name, threads = int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
epochs, samples = int(sys.argv[5]), int(sys.argv[6])

torch.manual_seed(0)
torch.set_num_threads(threads)
images = torch.rand(samples, sizes[0])
labels = torch.randint(0, sizes[-1], (samples,))
layers = []
for inputs, outputs in zip(sizes, sizes[1:]):
    if layers:
        layers.append(nn.ReLU())
    layers.append(nn.Linear(inputs, outputs))
model = nn.Sequential(*layers)
if optimizer_name == 'sgd':
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
else:
    optimizer = torch.optim.Adam(model.parameters())

print('ready', flush=True)
for _ in range(epochs):
    sys.stdin.readline()
    began, worked = time.perf_counter(), time.process_time()
    order = torch.randperm(samples)
    for start in range(0, samples, batch):
        chosen = order[start : start + batch]
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - began, time.process_time() - worked, flush=True)
