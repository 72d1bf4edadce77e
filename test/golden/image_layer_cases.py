"""Layers of convolutional networks: what they compute, what they keep, what they print."""
from nn_cases import module_case, write_lines

CASES = [
    (["Conv1d", [3, 4, 3]], (2, 3, 7)),
    (["Conv1d", [4, 2, 2], {"stride": 2, "padding": 1, "dilation": 2, "groups": 2, "bias": False}], (2, 4, 7)),
    (["Conv1d", [3, 2, 3], {"padding": "same"}], (3, 5)),
    (["Conv2d", [3, 4, 3]], (2, 3, 5, 6)),
    (["Conv2d", [3, 4, (3, 2)], {"padding": 1}], (2, 3, 5, 6)),
    (["Conv2d", [2, 4, 3], {"stride": (2, 1), "padding": (0, 1), "dilation": 2, "groups": 2, "bias": False}], (2, 2, 6, 7)),
    (["Conv2d", [3, 2, 3], {"padding": "same"}], (3, 4, 5)),
    (["Conv2d", [3, 2, 2], {"padding": "same", "padding_mode": "reflect"}], (1, 3, 4, 5)),
    (["Conv2d", [3, 2, 3], {"padding": 1, "padding_mode": "replicate"}], (1, 3, 4, 5)),
    (["Conv1d", [3, 2, 3], {"padding": 1, "padding_mode": "circular"}], (1, 3, 4)),
    (["Conv2d", [3, 2, 3], {"padding": "valid", "padding_mode": "reflect"}], (1, 3, 4, 5)),
    (["ConvTranspose1d", [3, 4, 3]], (2, 3, 5)),
    (["ConvTranspose2d", [3, 4, 3]], (2, 3, 3, 4)),
    (["ConvTranspose2d", [4, 2, 3], {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2, "bias": False}], (2, 4, 3, 4)),
    (["MaxPool1d", [2]], (2, 3, 6)),
    (["MaxPool2d", [2]], (2, 3, 4, 6)),
    (["MaxPool2d", [(3, 2)], {"stride": 2, "padding": 1, "ceil_mode": True}], (2, 3, 5, 6)),
    (["MaxPool2d", [2], {"stride": 1, "dilation": 2}], (3, 5, 6)),
    (["AvgPool1d", [2]], (2, 3, 6)),
    (["AvgPool1d", [3], {"stride": 2, "padding": 1, "count_include_pad": False}], (2, 3, 6)),
    (["AvgPool2d", [2]], (2, 3, 4, 6)),
    (["AvgPool2d", [3], {"stride": (2, 1), "padding": 1, "divisor_override": 2}], (2, 3, 4, 6)),
    (["AdaptiveAvgPool1d", [3]], (2, 3, 7)),
    (["AdaptiveAvgPool2d", [2]], (2, 3, 5, 4)),
    (["AdaptiveAvgPool2d", [(None, 3)]], (2, 3, 5, 4)),
    (["AdaptiveAvgPool2d", [1]], (2, 3, 5, 4)),
    (["BatchNorm1d", [3], {"track_running_stats": False}], (5, 3)),
    (["BatchNorm2d", [3]], (2, 3, 4, 5)),
    (["BatchNorm2d", [3], {"affine": False, "momentum": 0.3}], (2, 3, 2, 2)),
    (["GroupNorm", [2, 4]], (2, 4, 3)),
    (["GroupNorm", [1, 4], {"eps": 0.01}], (2, 4, 3, 2)),
    (["GroupNorm", [4, 4], {"affine": False}], (2, 4, 3, 2)),
    (["InstanceNorm1d", [3]], (2, 3, 4)),
    (["InstanceNorm1d", [3], {"affine": True, "track_running_stats": True}], (2, 3, 4)),
    (["InstanceNorm2d", [3], {"affine": True}], (2, 3, 4, 2)),
    (["InstanceNorm2d", [3], {"track_running_stats": True, "momentum": 0.4}], (2, 3, 4, 2)),
    (["InstanceNorm2d", [3], {"affine": True}], (3, 4, 2)),
    (["Dropout2d", [0.25]], (2, 3, 2, 2)),
    (["Sequential", [["Conv2d", [1, 4, 3], {"padding": 1}], ["BatchNorm2d", [4]], ["ReLU", []], ["MaxPool2d", [2]], ["Conv2d", [4, 3, 2]], ["AdaptiveAvgPool2d", [1]], ["Flatten", []], ["Linear", [3, 2]]]], (2, 1, 6, 6)),
]  # fmt: skip


def write():
    cases = []
    for spec, shape in CASES:
        # What dropout does in training is random.
        for training in (True, False) if "Norm" in str(spec) else (not str(spec).count("Dropout"),):
            cases.append(module_case(spec, shape, training))
    write_lines("image-layers", cases)
