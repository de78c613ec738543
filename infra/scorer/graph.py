"""From Detoxify under torch to an ONNX graph, and from that to one with whole-number weights."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET = 17
INPUTS = ("input_ids", "attention_mask")


class Scores(torch.nn.Module):  # type: ignore[misc]  # torch brings no types here
    """The network with what Detoxify does after it: a sigmoid, and the labels alone.

    The outputs beyond the labels are identity heads that no score is made of.
    """

    def __init__(self, network: Any, labels: int) -> None:
        super().__init__()
        self.network = network
        self.labels = labels

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        """Scores from 0 to 1, one row a text."""
        logits = self.network(input_ids=input_ids, attention_mask=attention_mask)[0]
        return torch.sigmoid(logits)[:, : self.labels]


def export_fp32(detoxify: Any, path: Path) -> None:
    """Write the graph with the weights as they are."""
    example = detoxify.tokenizer("one two three", return_tensors="pt")
    axes = {name: {0: "texts", 1: "tokens"} for name in INPUTS}
    with warnings.catch_warnings(), torch.no_grad():
        # The tracer warns of shapes it takes for constants; the checks after it would see one.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Scores(detoxify.model, len(detoxify.class_names)).eval(),
            tuple(example[name] for name in INPUTS),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=list(INPUTS),
            output_names=["scores"],
            dynamic_axes={**axes, "scores": {0: "texts"}},
        )
    fold_identities(path)


def fold_identities(path: Path) -> None:
    """Let every node read shared weights directly.

    The exporter puts an Identity before weights that several layers share (ALBERT); the quantiser
    does not look through it, and would leave nearly everything as it is without a word.
    """
    model = onnx.load(str(path))
    weights = {weight.name for weight in model.graph.initializer}
    shared = {
        node.output[0]: node.input[0]
        for node in model.graph.node
        if node.op_type == "Identity" and node.input[0] in weights
    }
    if not shared:
        return
    kept = [node for node in model.graph.node if node.output[0] not in shared]
    for node in kept:
        for place, name in enumerate(node.input):
            node.input[place] = shared.get(name, name)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    onnx.save(model, str(path))


def quantise(source: Path, target: Path) -> None:
    """Write the graph with weights of eight bits (seven in use).

    Seven, since products of eight saturate on processors without VNNI, and nobody chooses the
    processor that a function runs on. Embeddings are the larger part of a multilingual model, hence
    Gather.
    """
    quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def left_as_they_were(path: Path) -> int:
    """How many products with weights a quantised graph still makes in floating point."""
    graph = onnx.load(str(path)).graph
    weights = {weight.name for weight in graph.initializer}
    return sum(node.op_type == "MatMul" and node.input[1] in weights for node in graph.node)
