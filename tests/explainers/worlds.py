"""A model as plain NumPy, slow and close to the definitions."""

from dataclasses import dataclass

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
    """

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
