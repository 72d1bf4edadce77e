"""Writes what PyTorch computes, for the engine's tests to compare with. Debian's PyTorch 1.13.1 wrote the
committed files: OMP_NUM_THREADS=1 /usr/bin/python3 test/golden/make_golden.py
"""
import warnings

import activation_cases
import arrange_cases
import arithmetic_cases
import function_cases
import contraction_cases
import conv_cases
import graph_cases
import nn_cases
import optim_cases
import optim_option_cases
import pool_cases
import reduce_cases
import scan_cases
import scheduler_cases
import shape_cases
import sort_cases

warnings.filterwarnings("ignore")

for cases in (arithmetic_cases, function_cases, activation_cases, shape_cases, arrange_cases, reduce_cases, scan_cases, contraction_cases, conv_cases, pool_cases, nn_cases, sort_cases, optim_cases, optim_option_cases, scheduler_cases, graph_cases):
    cases.write()
