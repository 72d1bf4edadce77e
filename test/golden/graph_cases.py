"""Whole graphs of networks in training: every node below the loss, with its links and parameters."""
import json
from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import nn

FOLDER = Path(__file__).parent


class Skipping(nn.Module):
    """One layer used twice, and a connection that goes around them."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 8)
        self.shared = nn.Linear(8, 8)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        first = self.fc1(x).relu()
        second = self.shared(first).relu()
        third = self.shared(second).relu()
        return self.out(third + first)


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))


def notes():
    sizes = [6, 12, 10, 8, 6, 3]
    layers = [nn.Flatten()]
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(inputs, outputs))
        if i < 4:
            layers += [nn.BatchNorm1d(outputs), nn.ReLU(), nn.Dropout(0.3)]
    return nn.Sequential(*layers)


def graph_of(loss, parameters):
    """Depth first, in the order of next_functions; links are numbers of nodes."""
    names = {id(parameter): name for name, parameter in parameters}
    order, numbers = [], {}

    def visit(node):
        if node is None or node in numbers:
            return
        numbers[node] = len(order)
        order.append(node)
        for following, _ in node.next_functions:
            visit(following)

    visit(loss.grad_fn)
    return [
        {
            "name": type(node).__name__,
            "next": [None if following is None else numbers[following] for following, _ in node.next_functions],
            "variable": names[id(node.variable)] if hasattr(node, "variable") else None,
        }
        for node in order
    ]


def write():
    cases = []
    for name, make, shape in (("mlp", mlp, (5, 2, 3)), ("notes", notes, (5, 2, 3)), ("skipping", Skipping, (5, 6))):
        torch.manual_seed(0)
        model = make().train()
        loss = functional.cross_entropy(model(torch.randn(*shape)), torch.tensor([0, 1, 2, 0, 1]))
        cases.append({"model": name, "input": list(shape), "nodes": graph_of(loss, model.named_parameters())})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (FOLDER / "graphs.json").write_text(f"[\n{lines}\n]\n")
    print(f"graphs: {len(cases)} cases")
