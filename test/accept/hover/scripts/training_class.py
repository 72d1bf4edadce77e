import copy
import time
import torch
import torch.nn as nn
from torchvision import datasets, transforms


class Averager:
    def __init__(self):
        self.reset()

    def reset(self):
        self.sum, self.n = 0., 0

    def add(self, value, n=1):
        self.sum += value * n
        self.n += n

    @property
    def mean(self):
        return self.sum / max(1, self.n)


class Trainer:
    def __init__(self, model, loaders, lr=1e-2, device=None):
        self.device = device or torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')
        self.model = model.to(self.device)
        self.loaders = loaders
        self.loss_fn = nn.CrossEntropyLoss()
        self.opt = torch.optim.SGD(self.model.parameters(), lr=lr, momentum=0.9)
        self.best, self.best_acc = copy.deepcopy(model.state_dict()), 0.0
        self.log = {'train': [], 'val': []}

    def step(self, xb, yb, train):
        xb, yb = xb.to(self.device), yb.to(self.device)
        logits = self.model(xb)
        loss = self.loss_fn(logits, yb)
        if train:
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
        acc = (logits.argmax(-1) == yb).float().mean()
        return loss, acc

    def fit(self, epochs):
        since = time.time()
        for epoch in range(epochs):
            for phase in ('train', 'val'):
                self.model.train() if phase == 'train' else self.model.eval()
                meter, accs = Averager(), Averager()
                for batch in self.loaders[phase]:
                    with torch.set_grad_enabled(phase == 'train'):
                        loss, acc = self.step(*batch, phase == 'train')
                    meter.add(loss.item(), len(batch[0]))
                    accs.add(acc.item())
                self.log[phase].append(meter.mean)
                if phase == 'val' and accs.mean > self.best_acc:
                    self.best_acc = accs.mean
                    self.best = copy.deepcopy(self.model.state_dict())
        self.model.load_state_dict(self.best)
        return self.model


tf = transforms.ToTensor()
parts = {'train': datasets.MNIST('.', train=True, transform=tf), 'val': datasets.MNIST('.', train=False, transform=tf)}
loaders = {k: torch.utils.data.DataLoader(v, batch_size=512 if k == 'train' else 1024) for k, v in parts.items()}
net = nn.Sequential(nn.Conv2d(1, 4, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 10))
trainer = Trainer(net, loaders)
best = trainer.fit(2)
first = next(iter(loaders['val']))[0]
with torch.inference_mode():
    guess = best(first).argmax(1)
