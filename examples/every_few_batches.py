"""The first minutes of a long training: a record every few batches, and no picture on disk.

Maps, predictions and statistics are stored, the samples themselves are not: for pictures of people.
"""

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, make_task


def main(log_dir: str = "logs/batches", *, pictures: int = 2000, every: int = 10) -> None:
    """Trains for one epoch and records after each ten batches."""
    task = make_task(pictures)
    model = make_model(size=64, classes=10)
    explain = tbx.Explain(
        log_dir,
        task.monitored.images,
        task.monitored.labels,
        class_names=CLASS_NAMES,
        pictures=False,
        every_steps=every,
    )
    model.fit(task.training.images, task.training.labels, callbacks=[explain])


if __name__ == "__main__":
    main()
