"""Runs scripts with one planted shape error each and records the line at which PyTorch fails: mutants.json.

Usage: mutants.py. What is planted is listed below: script, text, what it is replaced by (the first place).
"""

import json
import os
import random
import sys
import tempfile
import traceback
import types

import trace as tracing

planted = """
mlp_mnist|self.fc2 = nn.Linear(hidden_size, num_classes)|self.fc2 = nn.Linear(hidden_size + 1, num_classes)
mlp_mnist|images.reshape(-1, 28 * 28)|images.reshape(-1, 28 * 27)
mlp_mnist|loss = criterion(outputs, labels)|loss = criterion(outputs, labels[1:])
mlp_mnist|model = NeuralNet(input_size,|model = NeuralNet(input_size // 2,
convnet_argparse|nn.Linear(4 * 4 * 50, 100)|nn.Linear(4 * 4 * 20, 100)
convnet_argparse|nn.Conv2d(20, 50, 5, 1)|nn.Conv2d(10, 50, 5, 1)
convnet_argparse|self.fc2 = nn.Linear(100, 10)|self.fc2 = nn.Linear(50, 10)
convnet_argparse|nn.Conv2d(1, 20, 5, 1)|nn.Conv2d(3, 20, 5, 1)
autograd_lesson|z = y * y * 3|z = y @ torch.ones(3, 2)
autograd_lesson|b = (a * a).sum()|b = (a * torch.ones(3)).sum()
linear_from_scratch|w = torch.randn(2, 3, requires_grad=True)|w = torch.randn(2, 4, requires_grad=True)
linear_from_scratch|b = torch.randn(2, requires_grad=True)|b = torch.randn(3, requires_grad=True)
custom_dataset|nn.Linear(16, 2)|nn.Linear(15, 2)
custom_dataset|nn.Linear(2, 16)|nn.Linear(3, 16)
residual|self.fc = nn.Linear(64, num_classes)|self.fc = nn.Linear(128, num_classes)
residual|self.conv2 = conv3x3(out_channels, out_channels)|self.conv2 = conv3x3(in_channels, out_channels)
residual|images = torch.rand(4, 3, 32, 32)|images = torch.rand(4, 1, 32, 32)
residual|self.bn = nn.BatchNorm2d(16)|self.bn = nn.BatchNorm2d(32)
module_list|x = torch.randn(5, 8)|x = torch.randn(5, 9)
module_list|nn.Linear(sizes[-1], 1), 'scale'|nn.Linear(sizes[0], 1), 'scale'
module_list|nn.LayerNorm(size)|nn.LayerNorm(size + 1)
char_rnn|nn.RNN(16, hidden, batch_first=True)|nn.RNN(15, hidden, batch_first=True)
char_rnn|self.head = nn.Linear(hidden, vocab)|self.head = nn.Linear(16, vocab)
lstm_series|self.fc = nn.Linear(hidden_dim, 1)|self.fc = nn.Linear(1, hidden_dim * 2)
attention_block|att = (q @ k.transpose(-2, -1))|att = (q @ k.transpose(-3, -1))
attention_block|.view(1, 1, block_size, block_size))|.view(1, 2, block_size, block_size))
attention_block|y = y.transpose(1, 2).contiguous().view(B, T, C)|y = y.transpose(1, 2).contiguous().view(B, T, C - 1)
gan|nn.Linear(256, 784)|nn.Linear(128, 784)
gan|img = img.view(img.size(0), *img_shape)|img = img.view(img.size(0), 3, 28, 28)
vae|self.fc3 = nn.Linear(z_dim, h_dim)|self.fc3 = nn.Linear(h_dim, h_dim)
vae|sample = torch.randn(64, 20)|sample = torch.randn(64, 21)
vae|return mu + eps * std|return mu + eps * std[:, 1:]
functional_style|W2 = (torch.randn(50, 10)|W2 = (torch.randn(40, 10)
three_or_seven|weights = init_params((28 * 28, 1))|weights = init_params((28, 1))
tensor_basics|torch.cat([tensor, tensor, tensor], dim=1)|torch.cat([tensor, rand_tensor, tensor], dim=0)
tensor_basics|torch.stack((v, v), dim=-1)|torch.stack((v, v[1:]), dim=-1)
tensor_basics|u = v.view(2, -1, 2)|u = v.view(5, -1)
numpy_two_layer|w2 = torch.randn(H, D_out)|w2 = torch.randn(D_out, H)
cifar_loop|nn.Linear(16 * 5 * 5, 120)|nn.Linear(16 * 4 * 4, 120)
unet|self.merges.append(DoubleConv(out * 2, out))|self.merges.append(DoubleConv(out, out))
data_science|layers.append(nn.Linear(n_in, n_out))|layers.append(nn.Linear(n_in * 2, n_out))
inheritance|m = MyLinear(5, 3)|m = MyLinear(4, 3)
sorting_modules|nn.Linear(c // r, c))]|nn.Linear(c, c))]
dataclass_config|mixer = Mixer(config, tokens=16)|mixer = Mixer(config, tokens=15)
seq2seq|self.combine = nn.Linear(hidden * 2, hidden)|self.combine = nn.Linear(hidden, hidden)
style_of_1_0|self.predict = torch.nn.Linear(n_hidden, n_output)|self.predict = torch.nn.Linear(n_feature, n_hidden)
"""


def line_of_failure(text, path):
    """The innermost line of the script in the traceback; None where it runs."""
    sys.argv = [path]
    os.chdir(tempfile.mkdtemp())
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__.update({"__name__": "__main__", "__file__": path})
    try:
        exec(compile(text, path, "exec"), module.__dict__)
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        return lines[-1]
    return None


def main():
    found = []
    out = os.path.join(tracing.here, "mutants.json")
    for entry in planted.strip().split("\n"):
        script, old, new = entry.split("|")
        path = os.path.join(tracing.here, "scripts", f"{script}.py")
        text = open(path).read()
        if old not in text:
            print("not there:", entry)
            continue
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            tracing.torch.manual_seed(0)
            random.seed(0)
            sys.stdout = open(os.devnull, "w")
            line = line_of_failure(text.replace(old, new, 1), path)
            os.write(write, json.dumps(line).encode())
            os._exit(0)
        os.close(write)
        line = json.loads(os.read(read, 100) or b"null")
        os.waitpid(child, 0)
        if line is None:
            print("runs:", entry)
        else:
            found.append({"script": script, "find": old, "replace": new, "line": line})
    with open(out, "w") as file:
        json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
