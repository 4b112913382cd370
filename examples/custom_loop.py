"""A training loop of your own: `Recorder` records whenever it is told to."""

import numpy as np

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, make_task


def main(log_dir: str = "logs/custom_loop", *, pictures: int = 2000, epochs: int = 5) -> None:
    """Trains batch by batch and records before the first epoch and after each."""
    task = make_task(pictures)
    model = make_model(size=64, classes=10)
    random = np.random.default_rng(0)
    with tbx.Recorder(
        log_dir,
        model,
        task.monitored.images,
        task.monitored.labels,
        class_names=CLASS_NAMES,
        sample_names=task.monitored_names,
    ) as recorder:
        recorder.record(0)
        for epoch in range(epochs):
            batches = np.array_split(random.permutation(pictures), max(1, pictures // 64))
            losses = [
                model.train_on_batch(task.training.images[batch], task.training.labels[batch])[0]
                for batch in batches
            ]
            recorder.record(epoch + 1, epoch=epoch, logs={"loss": float(np.mean(losses))})


if __name__ == "__main__":
    main()
