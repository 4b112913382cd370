"""Rules that point at what deserves a look: findings.

At each record every rule looks at what was recorded. What it sees in several records in a row is
a finding: shown in the tab, written to the log of Python once, and told to whoever listens.

```python
def stop(finding):
    if finding.severity == "error":
        model.stop_training = True

tbx.Explain("logs", x_val[:16], y_val[:16], alerts=[tbx.alerts.NotFinite(), stop])
```
"""

from typing import Final

from tb_explain.alerts.dead_channels import DeadChannels
from tb_explain.alerts.evidence_off_object import EvidenceOffObject
from tb_explain.alerts.finding import Finding
from tb_explain.alerts.flipped_explanation import FlippedExplanation
from tb_explain.alerts.forgetting import Forgetting
from tb_explain.alerts.ignores_model import IgnoresModel
from tb_explain.alerts.ignores_weights import IgnoresWeights
from tb_explain.alerts.moving_frozen_weights import MovingFrozenWeights
from tb_explain.alerts.no_evidence import NoEvidence
from tb_explain.alerts.not_finite import NotFinite
from tb_explain.alerts.not_learning import NotLearning
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.unchanged_weights import UnchangedWeights

DEFAULTS: Final[tuple[Rule, ...]] = (
    NotFinite(),
    DeadChannels(),
    UnchangedWeights(),
    MovingFrozenWeights(),
    EvidenceOffObject(),
    NoEvidence(),
    NotLearning(),
    Forgetting(),
    FlippedExplanation(),
    IgnoresModel(),
    IgnoresWeights(),
)
"""The rules of a run that names none."""

__all__ = [
    "DEFAULTS",
    "DeadChannels",
    "EvidenceOffObject",
    "Finding",
    "FlippedExplanation",
    "Forgetting",
    "IgnoresModel",
    "IgnoresWeights",
    "MovingFrozenWeights",
    "NoEvidence",
    "NotFinite",
    "NotLearning",
    "Observed",
    "Rule",
    "Sign",
    "UnchangedWeights",
    "Watch",
    "Words",
]
