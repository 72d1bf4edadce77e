"""What PyTorch has after a step of each module in modules.json: losses and gradients before and after it.

The weights and the batch are made by the same arithmetic here and in the tests, so that neither has to be stored. Layers
of dropout rest. Usage: gradients.py FOLDER, where NAME.json is written for each module.
"""

import json
import os
import sys
import tempfile
import types

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "hover"))
sys.path.insert(0, os.path.join(here, "..", "hover", "stand-ins"))

import numpy
import torch
import torch.nn.functional as F

import trace as _  # stands in for what draws and reports

batch = 8
samples = 6


def numbers(count, key):
    """Numbers from -0.5 to 0.5: the same as in numbers.ts."""
    x = (numpy.arange(count, dtype=numpy.uint64) * 2654435761 + key * 40503) % 2**32
    x = x.astype(numpy.uint32)
    for _ in range(2):
        x ^= x >> numpy.uint32(16)
        x *= numpy.uint32(0x45D9F3B)
    x ^= x >> numpy.uint32(16)
    return x.astype(numpy.float64) / 2**32 - 0.5


def fill(model):
    with torch.no_grad():
        for key, (name, p) in enumerate(model.named_parameters()):
            values = numbers(p.numel(), key + 1)
            if p.ndim >= 2:
                values *= 2 * (p.shape[0] / p.numel()) ** 0.5
            else:
                values = 0.2 * values + (1 if name.endswith("weight") else 0)
            p.copy_(torch.from_numpy(values.astype(numpy.float32)).view(p.shape))


def described(model):
    grads = []
    for name, p in model.named_parameters():
        flat = p.grad.flatten().double()
        places = [i * flat.numel() // samples for i in range(samples)]
        grads.append(
            {
                "name": name,
                "norm": flat.norm().item(),
                "largest": flat.abs().max().item(),
                "values": [float("%.9g" % flat[i].item()) for i in places],
            }
        )
    return grads


def lossOf(scores, labels, spec):
    if spec["loss"] in ("mse_loss", "binary_cross_entropy_with_logits"):
        return getattr(F, spec["loss"])(scores, F.one_hot(labels, scores.shape[1]).float())
    if spec["loss"] == "nll_loss":
        return F.nll_loss(scores, labels)
    return F.cross_entropy(scores, labels, label_smoothing=spec.get("smoothing", 0.0))


def main():
    folder = os.path.abspath(sys.argv[1])
    with open(os.path.join(here, "modules.json")) as file:
        specs = json.load(file)
    os.chdir(tempfile.mkdtemp())
    for spec in specs:
        path = os.path.join(here, spec["script"])
        module = types.ModuleType("lesson")
        sys.argv = [path]
        out, sys.stdout = sys.stdout, open(os.devnull, "w")
        with open(path) as file:
            exec(compile(file.read(), path, "exec"), module.__dict__)
        sys.stdout = out
        torch.manual_seed(0)
        model = eval(spec["make"], module.__dict__)
        torch.set_grad_enabled(True)
        model.train()
        for m in model.modules():
            if isinstance(m, torch.nn.modules.dropout._DropoutNd):
                m.p = 0.0
        if "F.dropout" in open(path).read():
            model.eval()
        fill(model)
        images = torch.from_numpy((numbers(batch * 784, 99) + 0.5).astype(numpy.float32)).view(batch, 1, 28, 28)
        if spec["input"] == "flat":
            images = images.flatten(1)
        if "as" in spec:
            channels, height, width = spec["as"]
            images = F.interpolate(images, size=(height, width), mode="bilinear", align_corners=False)
            images = images.expand(-1, channels, -1, -1)
        labels = torch.arange(batch) % 10
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        steps = []
        for _ in range(2):
            optimizer.zero_grad()
            scores = model(images)
            loss = lossOf(scores[0] if isinstance(scores, tuple) else scores, labels, spec)
            loss.backward()
            steps.append({"loss": loss.item(), "gradients": described(model)})
            optimizer.step()
        script = os.path.splitext(os.path.basename(path))[0]
        with open(os.path.join(folder, f"{script}.json"), "w") as file:
            json.dump({"keys": list(model.state_dict()), "steps": steps}, file)


if __name__ == "__main__":
    main()
