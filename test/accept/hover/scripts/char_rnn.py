import torch
import torch.nn as nn

text = "hello world, this is a small text to learn from"
chars = sorted(list(set(text)))
vocab = len(chars)
stoi = {c: i for i, c in enumerate(chars)}
itos = {i: c for c, i in stoi.items()}
data = torch.tensor([stoi[c] for c in text], dtype=torch.long)
seq_len, hidden = 8, 32


def batches():
    for i in range(0, len(data) - seq_len - 1, seq_len):
        yield data[i:i + seq_len], data[i + 1:i + seq_len + 1]


class CharRNN(nn.Module):
    def __init__(self, vocab, hidden):
        super(CharRNN, self).__init__()
        self.embed = nn.Embedding(vocab, 16)
        self.rnn = nn.RNN(16, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, x, h=None):
        e = self.embed(x)
        o, h = self.rnn(e, h)
        return self.head(o), h


model = CharRNN(vocab, hidden)
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    h = torch.zeros(1, 1, hidden)
    for xs, ys in batches():
        xs, ys = xs.unsqueeze(0), ys[None]
        logits, h = model(xs, h)
        h = h.detach()
        loss = loss_fn(logits.view(-1, vocab), ys.view(-1))
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
state = None
current = torch.tensor([[stoi['h']]])
for _ in range(5):
    logits, state = model(current, state)
    probs = torch.softmax(logits[:, -1], dim=-1)
    current = torch.multinomial(probs, 1)
