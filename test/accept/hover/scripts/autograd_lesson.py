import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
out.backward()
print(x.grad)
a = torch.randn(2, 2)
a = ((a * 3) / (a - 1))
a.requires_grad_(True)
b = (a * a).sum()
p = torch.tensor([2.0, 3.0, 1.5], requires_grad=True)
f = p[0] ** 2 + p[1] ** 2 + p[2] ** 2
f.backward()
g = p.grad
w = torch.randn(3, requires_grad=True)
v = w * 2
while v.data.norm() < 1000:
    v = v * 2
v.backward(torch.tensor([0.1, 1.0, 0.0001]))
with torch.no_grad():
    w -= 0.1 * w.grad
    w.grad.zero_()
d = x.detach()
first, = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)
second = torch.autograd.grad(first.sum(), x)[0]
