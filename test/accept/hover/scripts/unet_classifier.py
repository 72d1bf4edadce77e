"""Down, up and a skip between; classes from the means of maps."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def double(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ELU(), nn.Conv2d(cout, cout, 3, padding=1), nn.SiLU())


class Skip(nn.Module):
    def __init__(self, base=4):
        super().__init__()
        self.down1, self.down2 = double(1, base), double(base, 2 * base)
        self.up = nn.ConvTranspose2d(2 * base, base, kernel_size=2, stride=2)
        self.join = double(2 * base, base)
        self.out = nn.Conv2d(base, 10, kernel_size=1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        c = F.interpolate(self.up(b), scale_factor=1.0) if False else self.up(b)
        y = self.join(torch.cat((a, c), dim=1))
        return self.out(y).amax(dim=(-2, -1))


net = Skip()
images = torch.rand(8, 1, 28, 28)
scores = net(images)
