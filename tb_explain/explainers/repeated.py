"""The explainers of one pass that others repeat on changed samples."""

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.explainers.input_gradient import InputGradientMap

Repeated = InputGradientMap | ClassActivationMap


def check_repeated(explainer: Explainer, of: object) -> None:
    """Checks that `of` is an explainer of the input gradient, or a class activation map.

    Args:
        explainer: The explainer that repeats it, for the error.
        of: What it repeats.

    Raises:
        ValueError: If not.
    """
    if not isinstance(of, InputGradientMap | ClassActivationMap):
        raise ValueError(
            f"{type(explainer).__name__} repeats an explainer of the input gradient or a class "
            f"activation map, such as tbx.Saliency() or tbx.GradCAM(). Received: of={of!r}"
        )
