/** A first reading, after which the next one is fast: until code has run once, V8 has not compiled it. */
import { analyse } from '../../../python';

const sample = `import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.layers = nn.Sequential(nn.Linear(1352, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, 10))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.conv(x))), 2)
        return self.layers(x.view(x.size(0), -1))

model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    for images, labels in DataLoader(datasets.MNIST('.', transform=transforms.ToTensor()), batch_size=64):
        loss = nn.CrossEntropyLoss()(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        accuracy = (model(images).argmax(dim=1) == labels).float().mean().item()
`;

/** Reads a usual program, for the sake of the reading. */
export function warmUp(): void {
  analyse(sample, { budget: 2000 });
}
