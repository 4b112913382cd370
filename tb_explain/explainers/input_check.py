"""What every explainer of the input asks of a model, before a training starts."""

from tb_explain.explainers.base import Explainer
from tb_explain.probe.structure.layer_table import LayerTable


def check_explains_input(
    explainer: Explainer, layers: LayerTable, *, recorded_size: int | None
) -> None:
    """Checks that the explained input has rows and columns, and that a record keeps some.

    Args:
        explainer: For the error.
        layers: The layers of the model.
        recorded_size: Largest side that a record keeps, or `None`.

    Raises:
        ValueError: If not.
    """
    if recorded_size is not None and recorded_size < 1:
        raise ValueError(
            "A recorded map has at least one cell; recorded_size=None records every pixel. "
            f"Received: {explainer!r}"
        )
    if layers.input_grid is None:
        why = f" ({layers.volume})" if layers.volume else ""
        raise ValueError(
            f"{type(explainer).__name__} explains an input with rows and columns, and the "
            f"explained input of model {layers.model!r} has none{why}; Activations and Weights "
            f"work without. Received: {explainer!r}"
        )
