import numpy as np
import torch
import torch.nn as nn

series = np.sin(np.linspace(0, 20, 200)).astype(np.float32)


def windows(values, size):
    xs, ys = [], []
    for i in range(len(values) - size):
        xs.append(values[i:i + size])
        ys.append(values[i + size])
    return np.array(xs), np.array(ys)


x, y = windows(series, 12)
x = torch.from_numpy(x).unsqueeze(-1)
y = torch.from_numpy(y).view(-1, 1)
n_train = int(len(x) * 0.8)
x_train, x_test = x[:n_train], x[n_train:]
y_train, y_test = y[:n_train], y[n_train:]


class Forecaster(nn.Module):
    def __init__(self, hidden_dim=24, layers=2):
        super().__init__()
        self.hidden_dim = hidden_dim
        self.num_layers = layers
        self.lstm = nn.LSTM(1, hidden_dim, layers, batch_first=True)
        self.fc = nn.Linear(hidden_dim, 1)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_dim).requires_grad_()
        c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_dim).requires_grad_()
        out, (hn, cn) = self.lstm(x, (h0.detach(), c0.detach()))
        out = self.fc(out[:, -1, :])
        return out


model = Forecaster()
criterion = torch.nn.MSELoss(reduction='mean')
optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
hist = np.zeros(3)
for t in range(3):
    y_pred = model(x_train)
    loss = criterion(y_pred, y_train)
    hist[t] = loss.item()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
with torch.no_grad():
    forecast = model(x_test)
error = (forecast - y_test).pow(2).mean().sqrt()
