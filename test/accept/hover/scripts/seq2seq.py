import random
import torch
import torch.nn as nn

SOS, EOS, MAX = 0, 1, 6
pairs = [([2, 3, 4], [5, 6]), ([3, 4], [6, 7, 8]), ([4, 2, 2, 3], [5])]


class Encoder(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.hidden_size = hidden
        self.embedding = nn.Embedding(vocab, hidden)
        self.gru = nn.GRU(hidden, hidden)

    def forward(self, token, hidden):
        embedded = self.embedding(token).view(1, 1, -1)
        output, hidden = self.gru(embedded, hidden)
        return output, hidden

    def init_hidden(self):
        return torch.zeros(1, 1, self.hidden_size)


class Decoder(nn.Module):
    def __init__(self, hidden, vocab):
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden)
        self.attn = nn.Linear(hidden * 2, MAX)
        self.combine = nn.Linear(hidden * 2, hidden)
        self.gru = nn.GRU(hidden, hidden)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, token, hidden, encoder_outputs):
        embedded = self.embedding(token).view(1, 1, -1)
        weights = torch.softmax(self.attn(torch.cat((embedded[0], hidden[0]), 1)), dim=1)
        applied = torch.bmm(weights.unsqueeze(0), encoder_outputs.unsqueeze(0))
        output = torch.cat((embedded[0], applied[0]), 1)
        output = torch.relu(self.combine(output).unsqueeze(0))
        output, hidden = self.gru(output, hidden)
        output = torch.log_softmax(self.out(output[0]), dim=1)
        return output, hidden, weights


enc, dec = Encoder(10, 16), Decoder(16, 10)
criterion = nn.NLLLoss()
for source, wanted in pairs:
    source_t = torch.tensor(source + [EOS]).view(-1, 1)
    wanted_t = torch.tensor(wanted + [EOS]).view(-1, 1)
    encoder_hidden = enc.init_hidden()
    encoder_outputs = torch.zeros(MAX, enc.hidden_size)
    for ei in range(source_t.size(0)):
        encoder_output, encoder_hidden = enc(source_t[ei], encoder_hidden)
        encoder_outputs[ei] = encoder_output[0, 0]
    decoder_input = torch.tensor([[SOS]])
    decoder_hidden = encoder_hidden
    loss = 0
    teacher = random.random() < 0.5
    for di in range(wanted_t.size(0)):
        decoder_output, decoder_hidden, decoder_attention = dec(decoder_input, decoder_hidden, encoder_outputs)
        loss += criterion(decoder_output, wanted_t[di])
        if teacher:
            decoder_input = wanted_t[di]
        else:
            topv, topi = decoder_output.topk(1)
            decoder_input = topi.squeeze().detach()
            if decoder_input.item() == EOS:
                break
    loss.backward()
