#!/usr/bin/python3
"""OpenVINO's side of the comparison, by NAME.onnx, in F32: see peer.py. SPDX-License-Identifier: GPL-3.0-or-later"""
import peer

import openvino as ov

name, threads, output = peer.arguments()
given = peer.inputs(name)
model = ov.Core().compile_model(name + ".onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1,
                                                        "PERFORMANCE_HINT": "LATENCY"})
request = model.create_infer_request()
for key, value in given.items():
    request.set_tensor(key, ov.Tensor(value))


def evaluate():
    request.infer()
    return [request.get_output_tensor(i).data for i in range(len(model.outputs))]


peer.serve(evaluate, output)
