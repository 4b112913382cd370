"""The table of hyperparameters shows metrics of explanations."""

import json

import tensorflow as tf
from log_dirs import GRADCAM, step_records, write
from tabs import Tab, tensorboard_app
from tensorboard.plugins.hparams import api as hp
from tensorboard.plugins.hparams import hparams_plugin

MASS = f"explain/relevance_mass/{GRADCAM}"


def test_a_metric_of_the_table_is_a_curve_of_the_run_below(tmp_path):
    """`hp.Metric(tag, group="explain")` finds the last value in the run of the records."""
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        hp.hparams_config(
            hparams=[hp.HParam("lr", hp.RealInterval(0.0, 1.0))],
            metrics=[hp.Metric(MASS, group="explain", display_name="on the object")],
        )
    for name, rate in (("a", 0.25), ("b", 0.5)):
        with tf.summary.create_file_writer(str(tmp_path / name)).as_default():
            hp.hparams({"lr": rate}, trial_id=name)
        curve = [("mass", step, {MASS: rate * step}) for step in (0, 1)]
        write(tmp_path / name / "explain", [*curve, *step_records(1)])
    tab = Tab(tensorboard_app(hparams_plugin.HParamsPlugin, logdir=str(tmp_path)))

    experiment = {"experimentName": "", "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_RUNNING"]}
    query = experiment | {"colParams": [], "startIndex": 0, "sliceSize": 10}
    answer = tab.client.post(
        "/data/plugin/hparams/session_groups",
        data=json.dumps(query),
        headers={"Content-Type": "application/json"},
    )
    found = {
        group["hparams"]["lr"]: [metric["value"] for metric in group["metricValues"]]
        for group in json.loads(answer.data)["sessionGroups"]
    }
    assert found == {0.25: [0.25], 0.5: [0.5]}
