import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, random_split


class Points(Dataset):
    """Points of two spirals."""

    def __init__(self, n=1000, noise=0.1):
        self.n = n
        t = torch.linspace(0, 4, n // 2)
        first = torch.stack([t * torch.cos(t), t * torch.sin(t)], dim=1)
        self.points = torch.cat([first, -first]) + noise * torch.randn(n, 2)
        self.labels = torch.cat([torch.zeros(n // 2), torch.ones(n // 2)]).long()

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        point = self.points[i]
        return {'point': point, 'label': self.labels[i], 'index': i}


dataset = Points()
train_set, val_set = random_split(dataset, [800, 200])
loaders = {name: DataLoader(part, batch_size=48, shuffle=name == 'train') for name, part in [('train', train_set), ('val', val_set)]}
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
opt = optim.Adam(net.parameters())
loss_fn = nn.CrossEntropyLoss()
for phase in ['train', 'val']:
    net.train(phase == 'train')
    for batch in loaders[phase]:
        point, label = batch['point'], batch['label']
        index = batch['index']
        with torch.set_grad_enabled(phase == 'train'):
            score = net(point)
            loss = loss_fn(score, label)
        if phase == 'train':
            opt.zero_grad()
            loss.backward()
            opt.step()
        hits = (score.argmax(1) == label).float()
sample = dataset[3]
where = sample['point']
