import torch
from torch import nn, autograd
import math, sys, os
import numpy as np


class Exp(autograd.Function):
    @staticmethod
    def forward(ctx, i):
        result = i.exp()
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        result, = ctx.saved_tensors
        return grad_output * result


x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
p = torch.tensor([1, 2, 3])
xx = x.unsqueeze(-1).pow(p)
model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
loss_fn = nn.MSELoss(reduction='sum')
lr = 1e-6
for t in range(2000):
    y_pred = model(xx)
    loss = loss_fn(y_pred, y)
    if t % 100 == 99:
        print(t, loss.item())
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= lr * param.grad
linear_layer = model[0]
bias = linear_layer.bias
a = torch.randn((), requires_grad=True)
b = torch.full((), -1.0, requires_grad=True)
out = a + b * x
grads = autograd.grad(out.sum(), [a, b])
ga, gb = grads
fast = [w - 0.1 * g for w, g in zip([a, b], grads)]
f0 = fast[0]


def jacobian(y, x):
    rows = []
    for i in range(y.numel()):
        g, = autograd.grad(y.reshape(-1)[i], x, retain_graph=True)
        rows.append(g)
    return torch.stack(rows)


v = torch.randn(3, requires_grad=True)
J = jacobian(v ** 2, v)
batch = np.random.randn(16, 4)
bt = torch.Tensor(batch)
mean, std = bt.mean(0), bt.std(0)
normed = (bt - mean) / std
centred = bt - np.mean(batch, axis=0)
cov = normed.t().mm(normed) / (len(batch) - 1)
vals, vecs = torch.linalg.eigh(cov)
top = vecs[:, -2:]
proj = normed @ top
