# Depthwise separable convolutions with squeeze and excitation.
import torch
import torch.nn as nn


class SqueezeExcite(nn.Module):
    def __init__(self, channels, r=4):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // r, 1)
        self.fc2 = nn.Conv2d(channels // r, channels, 1)

    def forward(self, x):
        s = x.mean((2, 3), keepdim=True)
        s = torch.relu(self.fc1(s))
        s = torch.sigmoid(self.fc2(s))
        return x * s


def separable(cin, cout, stride):
    return nn.Sequential(
        nn.Conv2d(cin, cin, 3, stride=stride, padding=1, groups=cin, bias=False),
        nn.GroupNorm(4, cin),
        nn.ReLU6(inplace=True),
        nn.Conv2d(cin, cout, 1),
        nn.Hardswish(),
        SqueezeExcite(cout),
    )


class MobileDigits(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.body = nn.Sequential(*[separable(8 * 2 ** i, 16 * 2 ** i, 2) for i in range(2)])
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.head = nn.Linear(32, num_classes)

    def forward(self, x):
        x = self.body(self.stem(x))
        return self.head(self.pool(x).flatten(1))


net = MobileDigits()
images = torch.rand(8, 1, 28, 28)
scores = net(images)
