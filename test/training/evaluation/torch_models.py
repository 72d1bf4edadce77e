"""Trains small networks in PyTorch on a folder of IDX files and saves them into another folder, as people do:
`torch_models.py DATA OUT` prints for each file what PyTorch finds on the test set, as JSON. `torch_models.py DATA --run RUN`
measures the best checkpoint of a run of `cnn` instead."""

import gzip
import json
import os
import sys

import torch
from torch import nn


def read_idx(folder, name, header):
    path = os.path.join(folder, name)
    plain = os.path.exists(path)
    with open(path, "rb") if plain else gzip.open(path + ".gz", "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[header:]


def part(folder, name):
    images = read_idx(folder, f"{name}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).float() / 255
    return images, read_idx(folder, f"{name}-labels-idx1-ubyte", 8).long()


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 12, 5)
        self.bn2 = nn.BatchNorm2d(12)
        self.fc1 = nn.Linear(12 * 5 * 5, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        x = torch.max_pool2d(torch.relu(self.bn2(self.conv2(x))), 2)
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))


def perceptron(activation):
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 64), activation, nn.Linear(64, 32), activation, nn.Linear(32, 10))


def measure(network, images, labels):
    network.eval()
    with torch.no_grad():
        scores = network(images)
    taken = scores.argmax(1)
    confusion = torch.zeros(10, 10, dtype=torch.long)
    for actual, predicted in zip(labels, taken):
        confusion[actual, predicted] += 1
    return {
        "correct": (taken == labels).sum().item(),
        "loss": nn.functional.cross_entropy(scores, labels).item(),
        "confusion": confusion.tolist(),
    }


def train(network, images, labels, epochs):
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(50):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(images[rows]), labels[rows]).backward()
            optimizer.step()


def trained(data, out):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    (images, labels), (test_images, test_labels) = part(data, "train"), part(data, "t10k")
    mnist = lambda x: (x - 0.1307) / 0.3081
    report = {}
    cases = [
        ("tanh.pt", perceptron(nn.Tanh()), mnist, 10),
        ("relu.pth", perceptron(nn.ReLU()), lambda x: x, 10),
        ("convolutions.pt", Convolutions(), mnist, 4),
    ]
    for name, network, prepare, epochs in cases:
        network.train()
        train(network, prepare(images), labels, epochs)
        saved = network.state_dict()
        if name == "convolutions.pt":
            torch.save(network, os.path.join(out, "module.pt"))
            saved = {"epoch": epochs, "model_state_dict": saved}
        torch.save(saved, os.path.join(out, name))
        report[name] = measure(network, prepare(test_images), test_labels)
    report["module.pt"] = report["convolutions.pt"]
    print(json.dumps(report))


def run(data, folder):
    layers = [
        ("conv1", nn.Conv2d(1, 32, 3, padding=1)),
        ("pool1", nn.MaxPool2d(2)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(32, 64, 3, padding=1)),
        ("pool2", nn.MaxPool2d(2)),
        ("relu2", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("fc1", nn.Linear(3136, 128)),
        ("relu3", nn.ReLU()),
        ("dropout", nn.Dropout(0.25)),
        ("fc2", nn.Linear(128, 10)),
    ]
    from collections import OrderedDict

    network = nn.Sequential(OrderedDict(layers))
    network.load_state_dict(torch.load(os.path.join(folder, "checkpoints", "best.pt"), weights_only=True))
    print(json.dumps(measure(network, *part(data, "t10k"))))


if sys.argv[2] == "--run":
    run(sys.argv[1], sys.argv[3])
else:
    trained(sys.argv[1], sys.argv[2])
