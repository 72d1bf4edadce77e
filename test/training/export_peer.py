"""Opens exported models in PyTorch: `export_peer.py FOLDER…`, each with model.py, best.pt, model.pt,
model.safetensors and input.json, prints what the model gives and whether the weights are the same."""
import importlib.util
import json
import os
import struct
import sys

import numpy as np
import torch

TYPES = {"F32": "<f4", "I64": "<i8"}


def read_safetensors(path):
    """A reader of a few lines, which shares nothing with the program."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    assert header.pop("__metadata__") == {"format": "pt"}
    body = data[8 + length :]
    return {
        name: torch.from_numpy(np.frombuffer(body[slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).copy())
        .reshape(entry["shape"])
        for name, entry in header.items()
    }


def same(a, b):
    return list(sorted(a)) == list(sorted(b)) and all(torch.equal(a[key], b[key]) for key in a)


def check(folder):
    spec = importlib.util.spec_from_file_location("model", os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.load(os.path.join(folder, "best.pt"))
    with open(os.path.join(folder, "input.json")) as file:
        images = torch.tensor(json.load(file))
    best = torch.load(os.path.join(folder, "best.pt"), weights_only=True)
    with torch.no_grad():
        scores = model(images)
    return {
        "scores": scores.flatten().tolist(),
        "pt": same(torch.load(os.path.join(folder, "model.pt"), weights_only=True), best),
        "safetensors": same(read_safetensors(os.path.join(folder, "model.safetensors")), best),
        "keys": list(model.state_dict()) == list(best),
    }


print(json.dumps([check(folder) for folder in sys.argv[1:]]))
