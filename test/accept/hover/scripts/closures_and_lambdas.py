import functools
import torch

compose = lambda *fs: functools.reduce(lambda f, g: lambda x: g(f(x)), fs)


def make_linear(n_in, n_out, *, scale=0.1):
    w = torch.randn(n_in, n_out) * scale
    b = torch.zeros(n_out)

    def apply(x):
        return torch.addmm(b, x, w)

    apply.params = [w, b]
    return apply


first, second = make_linear(6, 5), make_linear(5, 2, scale=1.0)
net = compose(first, torch.relu, second)
x = torch.ones(3, 6)
y = net(x)


def timed(fn):
    def wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)
        return result
    return wrapper


@timed
def softmax(z, dim=-1):
    shifted = z - z.max(dim, keepdim=True).values
    e = shifted.exp()
    return e / e.sum(dim, keepdim=True)


p = softmax(y)
q = softmax(y, dim=0)
shapes = {name: t.shape for name, t in dict(x=x, y=y).items()}
rows = [r for r in y]
total = sum(r.sum() for r in rows)
biggest = max(rows, key=lambda r: r.sum().item())
nested = [[torch.zeros(i + 1) for i in range(2)] for _ in range(2)]
lone = nested[1][0]


def gen(n):
    for i in range(n):
        yield torch.full((2, i + 1), float(i))


for g in gen(3):
    h = g * 2
try:
    z = torch.stack([t for t in gen(1)])
except RuntimeError as error:
    z = None
*others, tail = torch.arange(6).view(3, 2)
acc = torch.zeros(2)
for i in range(4):
    if i == 2:
        continue
    acc = acc + i
else:
    done = acc.clone()
pad = torch.nn.functional.pad(done, (1, 2))
