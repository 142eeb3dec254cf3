#!/usr/bin/python3
"""ONNX Runtime's side of the comparison, by NAME.onnx: see peer.py. SPDX-License-Identifier: GPL-3.0-or-later"""
import peer

import onnxruntime as ort

name, threads, output = peer.arguments()
options = ort.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = ort.InferenceSession(name + ".onnx", options, providers=["CPUExecutionProvider"])
given = peer.inputs(name)
peer.serve(lambda: session.run(None, given), output)
