import torch
from torchvision.datasets import MNIST

data = MNIST('.')
x, y = data.data.float() / 255, data.targets
threes = x[y == 3]
sevens = x[y == 7]
mean3 = threes.mean(0)
mean7 = sevens.mean(0)
valid_3 = threes[:1000]
valid_7 = sevens[:1000]


def mnist_distance(a, b):
    return (a - b).abs().mean((-1, -2))


one = mnist_distance(valid_3[0], mean3)
many = mnist_distance(valid_3, mean3)
is_3 = mnist_distance(valid_3, mean3) < mnist_distance(valid_3, mean7)
accuracy = is_3.float().mean()

train_x = torch.cat([threes[:2000], sevens[:2000]]).view(-1, 28 * 28)
train_y = torch.tensor([1] * 2000 + [0] * 2000).unsqueeze(1)
dset = list(zip(train_x, train_y))
xb, yb = dset[0]


def init_params(size, std=1.0):
    return (torch.randn(size) * std).requires_grad_()


weights = init_params((28 * 28, 1))
bias = init_params(1)


def linear1(batch):
    return batch @ weights + bias


def mnist_loss(predictions, targets):
    predictions = predictions.sigmoid()
    return torch.where(targets == 1, 1 - predictions, predictions).mean()


def calc_grad(xb, yb, model):
    preds = model(xb)
    loss = mnist_loss(preds, yb)
    loss.backward()


def train_epoch(model, lr, params):
    for start in range(0, 4000, 256):
        calc_grad(train_x[start:start + 256], train_y[start:start + 256], model)
        for p in params:
            p.data -= p.grad * lr
            p.grad.zero_()


for epoch in range(3):
    train_epoch(linear1, 1.0, (weights, bias))
corrects = (linear1(train_x) > 0.0) == train_y
