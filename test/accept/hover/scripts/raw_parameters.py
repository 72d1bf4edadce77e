"""A model of raw parameters, and nothing of nn but Module."""
import math
import torch
from torch import nn


class MnistLogistic(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(784, 10) / math.sqrt(784))
        self.bias = nn.Parameter(torch.zeros(10))

    def forward(self, xb):
        return xb @ self.weights + self.bias


if __name__ == '__main__':
    import torch.nn.functional as F
    loss_func = F.cross_entropy
    model = MnistLogistic()
    opt = torch.optim.SGD(model.parameters(), lr=0.5)
    images = torch.rand(8, 1, 28, 28).view(8, -1)
    scores = model(images)
