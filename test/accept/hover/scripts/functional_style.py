import torch
import torch.nn.functional as F
from torchvision import datasets

train = datasets.FashionMNIST('.')
x_train, y_train = train.data.reshape(-1, 784).float() / 255, train.targets
n, c = x_train.shape
W1 = torch.randn(784, 50) / 28
W1.requires_grad_()
b1 = torch.zeros(50, requires_grad=True)
W2 = (torch.randn(50, 10) / 50 ** 0.5).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
params = [W1, b1, W2, b2]


def log_softmax(x):
    return x - x.exp().sum(-1).log().unsqueeze(-1)


def forward(xb):
    hidden = (xb @ W1 + b1).clamp(min=0.)
    return log_softmax(hidden @ W2 + b2)


def nll(input, target):
    return -input[range(target.shape[0]), target].mean()


def accuracy(out, yb):
    preds = torch.argmax(out, dim=1)
    return (preds == yb).float().mean()


bs, lr = 64, 0.5
for i in range((n - 1) // bs + 1):
    if i >= 6:
        break
    start_i = i * bs
    end_i = start_i + bs
    xb = x_train[start_i:end_i]
    yb = y_train[start_i:end_i]
    pred = forward(xb)
    loss = nll(pred, yb)
    loss.backward()
    with torch.no_grad():
        for p in params:
            p -= p.grad * lr
            p.grad = None
print(F.nll_loss(forward(xb), yb), accuracy(pred, yb))
