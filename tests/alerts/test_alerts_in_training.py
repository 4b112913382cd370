"""Findings of real trainings, in which a fault was planted or not."""

import logging

import keras
import numpy as np
import pytest
from event_files import headers_of

import tb_explain as tbx
from tb_explain.alerts import DEFAULTS, DeadChannels, NotFinite
from tb_explain.run_settings import RunSettings


@pytest.fixture
def task():
    """Pictures of a bright quarter, one of three, and a bit of noise; as many to look at."""
    random = np.random.default_rng(0)
    labels = np.arange(96) % 3
    images = random.random((96, 16, 16, 3), dtype=np.float32) / 2
    for image, label in zip(images, labels, strict=True):
        image[8 * (label % 2) :, 8 * (label // 2) :][:8, :8] += 0.7
    return images, labels


class Planted(keras.callbacks.Callback):
    """Does something to the model after an epoch."""

    def __init__(self, epoch, fault):
        super().__init__()
        self.epoch = epoch
        self.fault = fault

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            self.fault(self.model)


def kill_channels(model):
    model.get_layer("conv2").bias.assign(np.full(8, -1e3, np.float32))


def poison(model):
    kernel = model.get_layer("conv2").kernel
    kernel.assign(np.full(kernel.shape, np.nan, np.float32))


def train(model, task, directory, *callbacks, epochs, **settings):
    images, labels = task
    settings = {"explainers": [tbx.Activations()], **settings}
    explain = tbx.Explain(directory, images[:12], labels[:12], **settings)
    model.fit(images, labels, epochs=epochs, verbose=0, callbacks=[*callbacks, explain])


def findings_in(directory):
    headers = headers_of(directory / "explain", "progress")
    return [entry for header in headers for entry in header.get("findings", [])]


def test_finds_dead_channels(tmp_path, classifier, task, caplog):
    """A huge negative bias kills a layer; the record and the log say so after three records."""
    told = []
    train(classifier(), task, tmp_path, Planted(1, kill_channels), epochs=4, alerts=[told.append])

    (entry,) = [entry for entry in findings_in(tmp_path) if entry["rule"] == "dead_channels"]
    assert entry["title"] == "100 % of conv2 is dead."
    assert (entry["layer"], entry["since"], entry["state"]) == ("conv2", 2, "on")
    (finding,) = [finding for finding in told if finding.rule == "dead_channels"]
    assert finding.entry == entry
    assert finding.step == 4
    logged = [record for record in caplog.records if "conv2 is dead" in record.getMessage()]
    assert [record.levelno for record in logged] == [logging.WARNING]


def test_finds_what_is_not_finite(tmp_path, classifier, task):
    """The layer is named at once, the training is stopped, and what raises disturbs neither."""
    model = classifier()

    def broken(finding):
        raise OSError("no network")

    def stop(finding):
        model.stop_training = finding.severity == "error"

    train(model, task, tmp_path, Planted(1, poison), epochs=200, alerts=[broken, stop])

    first = findings_in(tmp_path)[0]
    assert (first["rule"], first["layer"], first["since"]) == ("not_finite", "conv2", 2)
    assert 3 <= len(headers_of(tmp_path / "explain", "progress")) < 201


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="elsewhere Keras raises")
def test_finds_a_forgotten_compile(tmp_path, classifier, task):
    """A layer that was unfrozen without compiling again is not trained, silently."""
    model = classifier()
    images, labels = task
    model.get_layer("conv1").trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    explain = tbx.Explain(tmp_path, images[:12], labels[:12], explainers=[tbx.Activations()])
    model.fit(images, labels, epochs=1, verbose=0, callbacks=[explain])
    assert findings_in(tmp_path) == []

    model.get_layer("conv1").trainable = True
    model.fit(images, labels, epochs=3, verbose=0, callbacks=[explain])

    (entry,) = findings_in(tmp_path)
    assert (entry["rule"], entry["layer"]) == ("unchanged_weights", "conv1")
    assert entry["title"] == "conv1 is trainable but its weights do not change."
    assert entry["since"] == 2


def test_a_healthy_training_has_no_findings(tmp_path, classifier, task, caplog):
    """No false alarm in a training that goes well."""
    train(classifier(), task, tmp_path, epochs=12, explainers=None)

    assert findings_in(tmp_path) == []
    assert [record for record in caplog.records if record.name == "tb_explain"] == []


def test_a_second_fit_goes_on(tmp_path, classifier, task):
    """What began in the first fit is not found again, and what it last found is not lost."""
    model = classifier()
    images, labels = task
    explain = tbx.Explain(tmp_path, images[:12], labels[:12], explainers=[tbx.Activations()])
    plant = Planted(1, poison)
    model.fit(images, labels, epochs=2, verbose=0, callbacks=[plant, explain])
    model.fit(images, labels, epochs=2, verbose=0, callbacks=[explain])

    found = {0: [], 1: []}
    for header in headers_of(tmp_path / "explain", "progress"):
        found[header["fit"]] += [entry["since"] for entry in header.get("findings", [])]
    assert found == {0: [2], 1: [2]}
    begins = [header.get("watch_begins") for header in headers_of(tmp_path / "explain", "progress")]
    assert begins == [True, *[None] * 5]


def test_an_empty_list_looks_for_nothing():
    """No rules are the default, and so they are where there are functions alone."""

    def rules(alerts):
        settings = RunSettings(
            "logs", "explain", axis="epoch", explainers=None, targets=None, alerts=alerts
        )
        return settings.rules, settings.listeners

    assert rules(None) == (DEFAULTS, ())
    assert rules([]) == ((), ())
    assert rules([print]) == (DEFAULTS, (print,))
    assert rules([print, NotFinite()]) == ((NotFinite(),), (print,))


@pytest.mark.parametrize("alerts", ["dead", [DeadChannels], [1], DeadChannels()])
def test_refuses_what_is_no_alert(tmp_path, images, labels, alerts):
    """A class, a string or a single rule is no list of rules and functions."""
    with pytest.raises(TypeError, match="`alerts` is a list of rules and functions"):
        tbx.Explain(tmp_path, images, labels, alerts=alerts)


def test_all_rules_look_unless_some_are_named():
    """The room exports every rule, and all of them are the default."""
    exported = {name for name in tbx.alerts.__all__ if name != "Rule"}
    rules = {
        name
        for name in exported
        if isinstance(getattr(tbx.alerts, name), type)
        and issubclass(getattr(tbx.alerts, name), tbx.alerts.Rule)
    }

    assert rules == {type(rule).__name__ for rule in DEFAULTS}
