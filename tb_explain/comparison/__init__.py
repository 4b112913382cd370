"""Two recorded runs compared: whose prediction stayed, but for another reason."""

from tb_explain.comparison.checking import check
from tb_explain.comparison.result import Changed, Check, Compared, LeftOut, Pair, Thresholds

__all__ = ["Changed", "Check", "Compared", "LeftOut", "Pair", "Thresholds", "check"]
