"""Writes what PyTorch computes, for the engine's tests to compare with. Debian's PyTorch 1.13.1 wrote the
committed files: OMP_NUM_THREADS=1 /usr/bin/python3 test/golden/make_golden.py
With names of groups of cases (`make_golden.py sort_cases`), writes only those.
"""
import importlib
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

for name in sys.argv[1:] or sorted(path.stem for path in Path(__file__).parent.glob("*_cases.py")):
    importlib.import_module(name).write()
