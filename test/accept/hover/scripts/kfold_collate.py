import torch
from torch.utils.data import DataLoader, Dataset, Subset
from torch import nn


class Ragged(Dataset):
    def __init__(self, n):
        self.items = [torch.rand(3 + i % 4) for i in range(n)]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i], i % 2


def pad_batch(batch):
    seqs, labels = zip(*batch)
    padded = nn.utils.rnn.pad_sequence(seqs, batch_first=True)
    return padded, torch.tensor(labels)


ds = Ragged(40)
k = 4
fold = len(ds) // k
for f in range(k):
    held = list(range(f * fold, (f + 1) * fold))
    rest = [i for i in range(len(ds)) if i not in held]
    dl = DataLoader(Subset(ds, rest), batch_size=10, collate_fn=pad_batch)
    for padded, labels in dl:
        mean = padded.mean(dim=1)
        hit = (mean > 0.5).long() == labels
both = [d for d in (ds[0], ds[1])]
seq, label = both[0]
