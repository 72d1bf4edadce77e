"""Opens the checkpoints of a run in PyTorch: `torch_peer.py FOLDER RUN OPTIMIZER [RUN OPTIMIZER …]` prints
what it found in each as JSON."""

import gzip
import collections
import json
import os
import sys

import torch


def read_idx(folder, name, header):
    path = os.path.join(folder, name)
    opener = open if os.path.exists(path) else gzip.open
    with opener(path if opener is open else path + ".gz", "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[header:]


def main(run, folder, kind):
    best = torch.load(os.path.join(run, "checkpoints", "best.pt"), weights_only=True)
    last = torch.load(os.path.join(run, "checkpoints", "last.pt"), weights_only=True)
    hidden = best["fc1.weight"].shape[0]
    layers = [
        ("flatten", torch.nn.Flatten()),
        ("fc1", torch.nn.Linear(784, hidden)),
        ("relu1", torch.nn.ReLU()),
        ("fc2", torch.nn.Linear(hidden, 10)),
    ]
    network = torch.nn.Sequential(collections.OrderedDict(layers))
    network.load_state_dict(best)
    images = read_idx(folder, "t10k-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).float() / 255
    labels = read_idx(folder, "t10k-labels-idx1-ubyte", 8).long()
    with torch.no_grad():
        scores = network(images)
        loss = torch.nn.functional.cross_entropy(scores, labels).item()
        correct = (scores.argmax(1) == labels).sum().item()

    network.load_state_dict(last["model_state_dict"])
    saved = last["optimizer_state_dict"]
    optimizer = getattr(torch.optim, kind)(network.parameters(), lr=1.0)
    optimizer.load_state_dict(saved)
    torch.nn.functional.cross_entropy(network(images), labels).backward()
    optimizer.step()
    return {
        "correct": correct,
        "total": len(labels),
        "loss": loss,
        "lr": float(optimizer.param_groups[0]["lr"]),
        "state": sorted(optimizer.state[network.fc1.weight]),
        "stepped": not torch.equal(network.fc1.weight, last["model_state_dict"]["fc1.weight"]),
        "epoch": last["epoch"],
        "generator": last["generator"],
    }


folder, *pairs = sys.argv[1:]
print(json.dumps([main(run, folder, kind) for run, kind in zip(pairs[::2], pairs[1::2])]))
