"""One more callback in `model.fit`: what the model looks at, after every epoch.

Run it, then `tensorboard --logdir logs/fit` and open the tab Explain.
"""

import keras

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, make_task


def main(log_dir: str = "logs/fit", *, pictures: int = 2000, epochs: int = 5) -> None:
    """Trains a small classifier of handwritten digits on photographs."""
    task = make_task(pictures)
    samples, labels = tbx.balanced(task.validation.images, task.validation.labels, per_class=2)
    model = make_model(size=64, classes=10)
    model.fit(
        task.training.images,
        task.training.labels,
        validation_data=(task.validation.images, task.validation.labels),
        epochs=epochs,
        callbacks=[
            keras.callbacks.TensorBoard(log_dir),
            tbx.Explain(log_dir, samples, labels, class_names=CLASS_NAMES),
        ],
    )


if __name__ == "__main__":
    main()
