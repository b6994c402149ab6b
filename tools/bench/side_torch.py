"""One PyTorch side of the training comparison: python side_torch.py TASK padded|trimmed.

Needs torch and NumPy only. `padded` reads 500 ids of each review, shuffled; `trimmed` reads the
batches that LengthBatches dealt, cut to their longest review. In both the state after a review's
last word is what counts, as with Keras' mask.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import torch
from torch import nn

BATCH_SIZE, MAXLEN = 64, 500


class Model(nn.Module):
    """Embedding(5000, 32), LSTM(100), one sigmoid unit: the Keras model, with Keras' weights."""

    def __init__(self, weights: list[np.ndarray]) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5000, 32)
        self.lstm = nn.LSTM(32, 100, batch_first=True)
        self.output = nn.Linear(100, 1)
        table, kernel, recurrent_kernel, bias, output, output_bias = map(torch.tensor, weights)
        with torch.no_grad():
            self.embedding.weight.copy_(table)
            self.lstm.weight_ih_l0.copy_(kernel.T)
            self.lstm.weight_hh_l0.copy_(recurrent_kernel.T)
            self.lstm.bias_ih_l0.copy_(bias)
            self.lstm.bias_hh_l0.zero_()
            self.output.weight.copy_(output.T)
            self.output.bias.copy_(output_bias)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the logit of "positive" for each review."""
        vectors = self.embedding(ids)
        last = self.lstm(vectors)[0][torch.arange(len(ids)), lengths - 1]
        return self.output(last)[:, 0]


def main(path: str, kind: str) -> None:
    """Build the model, then answer each line with the Work of one epoch."""
    task = np.load(path)
    padded, lengths, labels = task["padded"], task["lengths"], task["labels"]
    model = Model([task[f"weights_{n}"] for n in range(6)])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    with torch.no_grad():
        first = torch.tensor(padded[:BATCH_SIZE]), torch.tensor(lengths[:BATCH_SIZE])
        prediction = torch.sigmoid(model(*first)).tolist()
    second_bias = model.lstm.bias_hh_l0.numel()
    parameters = sum(p.numel() for p in model.parameters()) - second_bias
    facts = {"parameters": parameters, "prediction": prediction}
    random = np.random.default_rng(2026)
    for _ in sys.stdin:
        order = random.permutation(len(lengths)) if kind == "padded" else task["deal"]
        batches = []
        for start in range(0, len(order), BATCH_SIZE):
            deal = order[start : start + BATCH_SIZE]
            width = MAXLEN if kind == "padded" else lengths[deal].max()
            batches.append((padded[deal, :width], lengths[deal], labels[deal]))
        print(json.dumps(epoch(model, optimizer, batches, facts)), flush=True)


def epoch(
    model: Model, optimizer: torch.optim.Optimizer, batches: list[Any], facts: dict[str, Any]
) -> dict[str, Any]:
    """Train one epoch; returns the fields of a Work, timed from the end of the first step."""
    loss_of = nn.BCEWithLogitsLoss()
    ends = []
    for ids, lengths, labels in batches:
        optimizer.zero_grad()
        logits = model(torch.from_numpy(ids), torch.from_numpy(lengths))
        loss_of(logits, torch.from_numpy(labels).float()).backward()
        optimizer.step()
        ends.append(time.perf_counter())
    words = sum(int(np.count_nonzero(ids)) for ids, _, _ in batches)
    facts = {**facts, "words": words, "updates": len(batches)}
    return {"seconds": ends[-1] - ends[0], "units": len(batches) - 1, "facts": facts}


if __name__ == "__main__":
    main(*sys.argv[1:])
