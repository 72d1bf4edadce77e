"""Squared error against one-hot targets, as in the first lessons."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Perceptron(nn.Module):
    def __init__(self, hidden=30):
        super().__init__()
        self.hidden = nn.Linear(784, hidden)
        self.output = nn.Linear(hidden, 10)

    def forward(self, x):
        x = x.flatten(start_dim=1)
        x = torch.sigmoid(self.hidden(x))
        return torch.sigmoid(self.output(x))


if __name__ == '__main__':
    loader = DataLoader(datasets.MNIST('.', transform=transforms.ToTensor()), batch_size=10, shuffle=True)
    net = Perceptron()
    optimizer = torch.optim.SGD(net.parameters(), lr=3.0)
    for epoch in range(1):
        for x, y in loader:
            loss = F.mse_loss(net(x), F.one_hot(y, 10).float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
