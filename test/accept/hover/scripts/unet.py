import torch
import torch.nn as nn
import torch.nn.functional as F


class DoubleConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.seq = nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(True), nn.Conv2d(cout, cout, 3, padding=1), nn.ReLU(True))

    def forward(self, x):
        return self.seq(x)


class UNet(nn.Module):
    def __init__(self, channels=3, classes=2, base=8, depth=3):
        super().__init__()
        self.downs, self.ups, self.merges = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        c = channels
        for d in range(depth):
            self.downs.append(DoubleConv(c, base * 2 ** d))
            c = base * 2 ** d
        self.bottom = DoubleConv(c, c * 2)
        for d in reversed(range(depth)):
            out = base * 2 ** d
            self.ups.append(nn.ConvTranspose2d(out * 2, out, kernel_size=2, stride=2))
            self.merges.append(DoubleConv(out * 2, out))
        self.final = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottom(x)
        for up, merge, skip in zip(self.ups, self.merges, skips[::-1]):
            x = up(x)
            if x.shape != skip.shape:
                x = F.interpolate(x, size=skip.shape[2:])
            x = torch.cat((skip, x), dim=1)
            x = merge(x)
        return self.final(x)


net = UNet()
img = torch.randn(2, 3, 64, 64)
mask = net(img)
probs = mask.softmax(1)[:, 1]
target = (torch.rand(2, 64, 64) > 0.5).long()
loss = F.cross_entropy(mask, target)
inter = (probs * target).sum(dim=(1, 2))
dice = 2 * inter / (probs.sum((1, 2)) + target.sum((1, 2)))
