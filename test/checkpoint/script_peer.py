"""Writes what only PyTorch can, for `unusual.test.ts`: `script_peer.py FOLDER`."""
import json
import os
import pickle
import sys

import numpy as np
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
        self.offset = torch.tensor([1.0, 2.0, 3.0])

    def forward(self, x):
        return self.body(x) + self.offset + torch.tensor([0.5, 0.25, 0.125])


def main(folder):
    torch.manual_seed(0)
    expected = {}
    net = Net().eval()
    state = {name: tensor.flatten().tolist() for name, tensor in net.state_dict().items()}
    torch.jit.save(torch.jit.script(net), os.path.join(folder, "script.pt"))
    torch.jit.save(torch.jit.trace(net, torch.zeros(1, 1, 4, 4)), os.path.join(folder, "trace.pt"))
    expected["state"] = state
    whole = torch.quantize_per_tensor(torch.randn(3, 4), 0.1, 10, torch.quint8)
    channels = torch.quantize_per_channel(
        torch.randn(3, 4), torch.tensor([0.1, 0.2, 0.3]), torch.tensor([0, 1, 2]), 0, torch.qint8
    )
    torch.save({"whole": whole, "channels": channels}, os.path.join(folder, "quantized.pt"))
    expected["quantized"] = {
        "whole": whole.int_repr().flatten().tolist(),
        "channels": channels.int_repr().flatten().tolist(),
    }
    arrays = {
        "w": np.arange(6.0).reshape(2, 3),
        "f": np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)),
        "half": np.array([1.5, -2], dtype="f2"),
        "bool": np.array([True, False]),
    }
    expected["arrays"] = {name: array.astype(float).flatten().tolist() for name, array in arrays.items()}
    for protocol in range(6):
        with open(os.path.join(folder, f"numpy-{protocol}.pkl"), "wb") as file:
            pickle.dump({"layer": arrays, "note": "x"}, file, protocol=protocol)
    torch.save({"layer": arrays, "note": "x"}, os.path.join(folder, "numpy.pt"))
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file)


main(sys.argv[1])
