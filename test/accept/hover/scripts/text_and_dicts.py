import torch
import torch.nn as nn
import string
from collections import defaultdict, Counter

names = {'English': ['Smith', 'Jones', 'Brown'], 'Greek': ['Pappas', 'Nikas']}
all_categories = list(names.keys())
all_letters = string.ascii_letters + " .,;'-"
n_letters = len(all_letters) + 1
n_categories = len(all_categories)


def letter_to_index(letter):
    return all_letters.find(letter)


def line_to_tensor(line):
    tensor = torch.zeros(len(line), 1, n_letters)
    for li, letter in enumerate(line):
        tensor[li][0][letter_to_index(letter)] = 1
    return tensor


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.i2o = nn.Linear(input_size + hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        hidden = self.i2h(combined)
        output = self.i2o(combined)
        output = self.softmax(output)
        return output, hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


rnn = RNN(n_letters, 128, n_categories)
criterion = nn.NLLLoss()
learning_rate = 0.005
current_loss = 0
samples = [(c, n) for c in all_categories for n in names[c]]


def train(category_tensor, line_tensor):
    hidden = rnn.initHidden()
    rnn.zero_grad()
    for i in range(line_tensor.size()[0]):
        output, hidden = rnn(line_tensor[i], hidden)
    loss = criterion(output, category_tensor)
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    return output, loss.item()


for category, line in samples:
    category_tensor = torch.tensor([all_categories.index(category)], dtype=torch.long)
    line_tensor = line_to_tensor(line)
    output, loss = train(category_tensor, line_tensor)
    top_n, top_i = output.topk(1)
    guess = all_categories[top_i[0].item()]
    current_loss += loss
confusion = torch.zeros(n_categories, n_categories)
for i in range(n_categories):
    confusion[i] = confusion[i] / confusion[i].sum()
groups = defaultdict(list)
for i in range(6):
    groups[i % 2].append(torch.ones(i + 1))
odd = groups[1]
first_odd = odd[0]
counts = Counter('hello')
cfg = dict(lr=0.1, sizes=[4, 3])
cfg.update(bias=True)
layer = nn.Linear(*cfg['sizes'], bias=cfg['bias'])
res = layer(torch.rand(2, cfg['sizes'][0]))
