"""A model as plain NumPy, slow and close to the definitions."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True, eq=False)
class World:
    """`score[c] = sum(head[..., c] * relu(conv(x)))`, with zero padding.

    Attributes:
        kernel: Shape `(3, 3, inputs, filters)`.
        bias: Shape `(filters,)`.
        head: Shape `(rows, cols, filters, classes)`.
        samples: Shape `(samples, rows, cols, inputs)`.
        targets: Explained class of each sample.
        layer: Name of its layer with rows and columns.
    """

    layer: ClassVar[str] = "conv"

    kernel: np.ndarray
    bias: np.ndarray
    head: np.ndarray
    samples: np.ndarray
    targets: np.ndarray

    def before_relu(self):
        """Returns what the convolution computes, place by place."""
        padded = np.pad(self.samples.astype(np.float64), ((0, 0), (1, 1), (1, 1), (0, 0)))
        samples, rows, cols, _ = self.samples.shape
        found = np.zeros((samples, rows, cols, len(self.bias)))
        for row in range(rows):
            for col in range(cols):
                window = padded[:, row : row + 3, col : col + 3]
                found[:, row, col] = np.einsum("nrci,rcif->nf", window, self.kernel) + self.bias
        return found

    def activation(self):
        """Returns what the convolution puts out."""
        return np.maximum(self.before_relu(), 0)

    def gradient(self):
        """Returns the gradient of each score for `activation()`: the weights of the head."""
        return np.stack([self.head[..., target] for target in self.targets])

    def input_gradient(self):
        """Returns the gradient of each score for the samples."""
        passed = self.gradient() * (self.before_relu() > 0)
        samples, rows, cols, inputs = self.samples.shape
        padded = np.zeros((samples, rows + 2, cols + 2, inputs))
        for row in range(rows):
            for col in range(cols):
                back = np.einsum("nf,rcif->nrci", passed[:, row, col], self.kernel)
                padded[:, row : row + 3, col : col + 3] += back
        return padded[:, 1:-1, 1:-1]


@dataclass(frozen=True, eq=False)
class TransformerWorld:
    """Patches and a class token through blocks `x + attend(x)`, `x + tanh(dense(x))`, and a head.

    Attributes:
        patch: Kernel of the patches, shape `(2, 2, inputs, width)`.
        token: The class token, shape `(width,)`.
        blocks: Of each block the kernels by name: `query`, `key` and `value` of shape
            `(width, heads, size)`, `output` of shape `(heads, size, width)`, `dense`.
        head: Shape `(width, classes)`; it reads the class token.
        samples: Shape `(samples, rows, cols, inputs)`.
        targets: Explained class of each sample.
        layer: Name of its first layer with attention.
    """

    patch: np.ndarray
    token: np.ndarray
    blocks: tuple[dict[str, np.ndarray], ...]
    head: np.ndarray
    samples: np.ndarray
    targets: np.ndarray
    layer: ClassVar[str] = "attention_0"

    def tokens(self, sample):
        """Returns the class token, and the patches of a sample row by row."""
        found = [self.token]
        for row in range(0, sample.shape[0], 2):
            for col in range(0, sample.shape[1], 2):
                cut = sample[row : row + 2, col : col + 2].astype(np.float64)
                found.append(np.einsum("rci,rciw->w", cut, self.patch))
        return np.stack(found)

    def run(self, sample, changes=None):
        """Returns the attention of each block, `(heads, queries, keys)`, and all scores.

        Args:
            sample: One sample.
            changes: What is added to the attention of each block, behind its softmax.
        """
        values, attentions = self.tokens(sample), []
        for index, block in enumerate(self.blocks):
            query, key, value = (
                np.einsum("tw,whs->hts", values, block[name]) for name in ("query", "key", "value")
            )
            powers = np.exp(np.einsum("hqs,hks->hqk", query, key) / np.sqrt(query.shape[-1]))
            attention = powers / powers.sum(axis=-1, keepdims=True)
            if changes is not None:
                attention = attention + changes[index]
            attentions.append(attention)
            mixed = np.einsum("hqk,hks->hqs", attention, value)
            values = values + np.einsum("hqs,hsw->qw", mixed, block["output"])
            values = values + np.tanh(values @ block["dense"])
        return attentions, values[0] @ self.head

    def attention(self, sample):
        """Returns the attention of each block, `(heads, queries, keys)`."""
        return self.run(self.samples[sample])[0]

    def attention_gradient(self, sample):
        """Returns the gradient of the score for the attention of each block.

        By a complex step, https://doi.org/10.1145/838250.838251, which is exact to rounding.
        """
        attentions, step = self.attention(sample), 1e-30
        found = [np.zeros_like(attention) for attention in attentions]
        for block, gradient in enumerate(found):
            for place in np.ndindex(gradient.shape):
                changes = [np.zeros(one.shape, complex) for one in attentions]
                changes[block][place] = step * 1j
                scores = self.run(self.samples[sample], changes)[1]
                gradient[place] = scores[self.targets[sample]].imag / step
        return found
