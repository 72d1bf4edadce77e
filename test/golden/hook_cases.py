"""What hooks on tensors and modules see of a backward pass, and what is left of it when they replace something."""
import json

import torch
from recorder import FOLDER, chain_of, encode_tensor
from torch import nn


class Pair(nn.Module):
    """Takes and gives two tensors, and a number between the former."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([2.0, 3.0]))

    def forward(self, a, factor, b):
        return a * self.weight, b * factor + self.weight


def shown(values):
    return [None if value is None else encode_tensor(value) for value in values]


def on_tensors():
    """Each step of the scenario in test/engine/hooks.test.ts, with the gradients after it."""
    seen = []
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    twice = x.register_hook(lambda g: (seen.append(g), g * 2)[1])
    x.register_hook(lambda g: seen.append(g))
    y = x * 3
    y.register_hook(lambda g: g + 1)
    y.retain_grad()
    y.sum().backward(retain_graph=True)
    steps = [shown([*seen, x.grad, y.grad])]
    seen.clear()
    steps.append(shown([*torch.autograd.grad(y.sum(), [x, y], retain_graph=True), *seen]))
    twice.remove()
    x.grad = None
    y.sum().backward(retain_graph=True)
    steps.append(shown([x.grad, *seen]))
    # The hook saw the value that was there before the change in place.
    z = x * 3
    z.register_hook(lambda g: g * 10)
    z.mul_(5)
    x.grad = None
    z.sum().backward()
    steps.append(shown([x.grad]))
    return steps


def on_modules():
    cases = []
    for grad_a, grad_b in ((True, True), (True, False), (False, True), (False, False)):
        for outputs in ("both", "first", "second"):
            for replace in (False, True):
                module, seen = Pair(), []

                def hook(_, grad_input, grad_output):
                    seen.extend([*grad_input, *grad_output])
                    if replace and any(g is not None for g in grad_input):
                        return tuple(None if g is None else g * 10 for g in grad_input)

                module.register_full_backward_hook(hook)
                inputs = torch.tensor([1.0, 2.0], requires_grad=grad_a), torch.tensor([5.0, 7.0], requires_grad=grad_b)
                u, v = module(inputs[0], 3, inputs[1])
                loss = {"both": lambda: u.sum() + 2 * v.sum(), "first": u.sum, "second": v.sum}[outputs]()
                chain = chain_of(loss, [*inputs, module.weight])
                loss.backward()
                grads = shown([inputs[0].grad, inputs[1].grad, module.weight.grad])
                cases.append({"grad": [grad_a, grad_b], "outputs": outputs, "replace": replace, "chain": chain, "seen": shown(seen), "grads": grads})
    return cases


def on_layers():
    """One tensor in, one out."""
    seen = []
    layer = nn.Linear(2, 3)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, -4.0], [0.5, 0.25]]))
        layer.bias.zero_()
    layer.register_full_backward_hook(lambda _, grad_input, grad_output: seen.extend([*grad_input, *grad_output]))
    x = torch.tensor([[1.0, -1.0]], requires_grad=True)
    y = layer(x)
    chain = chain_of(y, [x, layer.weight, layer.bias])
    y.pow(2).sum().backward()
    return {"chain": chain, "seen": shown(seen), "grads": shown([x.grad, layer.weight.grad, layer.bias.grad])}


def write():
    cases = {"tensors": on_tensors(), "modules": on_modules(), "layer": on_layers()}
    (FOLDER / "hooks.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print(f"hooks: {len(cases['modules'])} cases")
