# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""What one compiled pass computes: the model once, then every explainer's formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, final

import keras

from tb_explain.probe.attention import attention_key, watch_attention, watched_path
from tb_explain.probe.backends.seam import Edit, Forwarded, Gradients
from tb_explain.probe.inputs import Inputs
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.run_model import call_model
from tb_explain.probe.scores.head import Head, HeadScores
from tb_explain.probe.scores.outputs import OutputInfo, read
from tb_explain.probe.scores.score import Scene, Scored, Scorer, scorers_used, summarise
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call, Tap
from tb_explain.probe.view import PassView


class Part(Protocol):
    """A formula that runs inside the pass."""

    def needs(self, layers: LayerTable) -> Needs:
        """Returns what the pass has to keep."""
        ...

    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        """Returns named tensors, each starting with the axis of samples."""
        ...


@final
@dataclass(eq=False)
class ExplainProgram:
    """One pass over one batch.

    Attributes:
        model: The model.
        everything: All its layers by path.
        table: What is known of them.
        inputs: Packs arrays as the model takes them.
        channels_first: Whether the explained input has its channels first.
        outputs: Its outputs; the first is summarised as the prediction.
        scorers: One per target.
        parts: Formulas to run, each with its needs.
        keeps_places: Whether the results say which places each score is a mean of.
        traces: How often the results were traced.
        failures: What formulas raised, by position in `parts`.
    """

    model: Layer
    everything: Mapping[str, Layer]
    table: LayerTable
    inputs: Inputs
    channels_first: bool
    outputs: Sequence[OutputInfo]
    scorers: Sequence[Scorer]
    parts: Sequence[tuple[Part, Needs]]
    keeps_places: bool = False
    traces: int = 0
    failures: dict[int, Exception] = field(default_factory=dict[int, Exception])

    @property
    def explained(self) -> int:
        return self.inputs.explained

    @property
    def gradient_layers(self) -> tuple[str, ...]:
        """Paths of the layers, and names of the attention, for which gradients are taken."""
        layers = [p for _, needs in self.parts for p in needs.gradients]
        attention = [p for _, needs in self.parts for p in needs.attention_gradients]
        return tuple(dict.fromkeys([*layers, *map(attention_key, attention)]))

    @property
    def input_gradient(self) -> bool:
        return any(needs.input_gradient for _, needs in self.parts)

    @property
    def tapped(self) -> tuple[str, ...]:
        """Paths of all layers whose output the pass keeps."""
        kept = [p for _, needs in self.parts for p in (*needs.gradients, *needs.activations)]
        return tuple(dict.fromkeys([*kept, *scorers_used(self.scorers)[1]]))

    @property
    def attending(self) -> tuple[str, ...]:
        """Paths of all layers whose attention the pass keeps."""
        kept = [(*needs.attention_gradients, *needs.attention) for _, needs in self.parts]
        return tuple(dict.fromkeys(path for paths in kept for path in paths))

    def forward(
        self, leaves: Sequence[Tensor], aside: Mapping[str, Tensor], edit: Edit
    ) -> Forwarded:
        explained_calls = _ExplainedCalls(edit, self.gradient_layers, self.table)
        heads = HeadScores()
        used = self._outputs_used()
        with Tap(
            self.model, self.everything, tapped=self.tapped, watcher=explained_calls.keep
        ) as tap:
            for path in self.attending:
                watch_attention(tap, path, self.everything[path])
            for head in {info.head for info in used if _makes_probabilities(info.head)}:
                if head is not None:
                    heads.watch(tap, head, self.everything[head.path])
            output = call_model(self.model, self.inputs.pack(leaves))
        self._check_hit(explained_calls.outputs)
        readings = {info.position: read(info, output, heads, self.everything) for info in used}
        scene = Scene(output, readings, aside, explained_calls.outputs, int(leaves[0].shape[0]))
        scored = [scorer(scene) for scorer in self.scorers]
        summary = summarise(used[0], readings[used[0].position]) if self.outputs else {}
        return Forwarded(
            explained_calls.outputs, [s.score for s in scored], (self._rest(scored), summary)
        )

    def finish(
        self,
        leaves: Sequence[Tensor],
        aside: Mapping[str, Tensor],
        forwarded: Forwarded,
        gradients: Sequence[Gradients | None],
    ) -> Any:
        self.traces += 1
        self.failures.clear()
        scored, summary = forwarded.rest
        views = [
            PassView(
                self.table,
                leaves[self.explained],
                self.channels_first,
                forwarded,
                index,
                gradients[index],
                aside,
            )
            for index in range(len(self.scorers))
        ]
        found = [self._maps(index, views) for index in range(len(self.parts))]
        scores = [keras.ops.cast(score, "float32") for score in forwarded.scores]
        return {"scores": scores, "scored": scored, "summary": summary, "parts": found}

    def _maps(self, position: int, views: Sequence[PassView]) -> list[dict[str, Tensor]]:
        part, needs = self.parts[position]
        wanted = views if needs.per_target else views[:1]
        try:
            found = [dict(part.maps(view.of(needs), keras.ops)) for view in wanted]
            for tensors in found:
                for name, tensor in tensors.items():
                    _check_samples(name, tensor, views[0].samples)
        except Exception as error:  # noqa: BLE001 - one formula must not take the others down
            self.failures[position] = error
            return []
        return found

    def _outputs_used(self) -> list[OutputInfo]:
        positions = scorers_used(self.scorers)[0]
        first = self.outputs[0].position if self.outputs else -1
        return [i for i in self.outputs if i.position in positions or i.position == first]

    def _rest(self, scored: Sequence[Scored]) -> list[dict[str, Tensor]]:
        rest = [
            {"target": s.index, "probability": s.probability, "region": s.region} for s in scored
        ]
        if self.keeps_places:
            for entry, found in zip(rest, scored, strict=True):
                entry["places"] = found.places
        return rest

    def _check_hit(self, outputs: Mapping[str, Tensor]) -> None:
        for key in (*self.tapped, *map(attention_key, self.attending)):
            if key not in outputs:
                path = watched_path(key)
                raise ValueError(
                    f"Layer {path!r} in model {self.model.name!r} ran out of sight: the model "
                    "did not call it in this pass, or calls it inside compiled code of its own. "
                    f"Name a layer outside of it. Received: layer={path!r}"
                )


@final
class _ExplainedCalls:
    """Keeps what each layer returns at its explained call, and lets the backend mark it."""

    def __init__(self, edit: Edit, edited: Sequence[str], table: LayerTable) -> None:
        self.outputs: dict[str, Tensor] = {}
        self._edit = edit
        self._edited = frozenset(edited)
        self._calls = {row.path: row.call for row in table.layers}

    def keep(self, call: Call) -> Any:
        """Keeps what a layer returns, and returns it as marked."""
        if call.index != self._calls.get(watched_path(call.path), 0):
            return call.output
        self.outputs[call.path] = self._edit(call) if call.path in self._edited else call.output
        return self.outputs[call.path]


def _makes_probabilities(head: Head | None) -> bool:
    return head is not None and head.function is not None


def _check_samples(name: str, tensor: Tensor, samples: int) -> None:
    shape = tuple(tensor.shape)
    if not shape or shape[0] != samples:
        raise ValueError(
            f"Each result of an explainer must start with the axis of its {samples} samples. "
            f"Received: {name!r} of shape {shape}"
        )
