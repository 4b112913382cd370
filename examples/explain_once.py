"""One explanation of a trained model, without TensorBoard: as a picture, or in a notebook.

In a notebook, an explanation that stands in the last line of a cell shows itself.
"""

from pathlib import Path

from PIL import Image

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import make_task


def main(path: str = "grad_cam.png", *, pictures: int = 2000, epochs: int = 5) -> None:
    """Trains a classifier, then paints why it chooses the class it predicts."""
    task = make_task(pictures)
    model = make_model(size=64, classes=10)
    model.fit(task.training.images, task.training.labels, epochs=epochs, verbose=0)

    samples = task.monitored.images[:6]
    explanation = tbx.GradCAM().explain(model, samples, targets="predicted")
    print("Classes:", explanation.targets, "at layer", explanation.layer)
    save_row(explanation.images(samples), Path(path))


def save_row(pictures: list[Image.Image], path: Path) -> None:
    """Saves pictures side by side."""
    width, height = pictures[0].size
    row = Image.new("RGB", (width * len(pictures), height))
    for index, picture in enumerate(pictures):
        row.paste(picture, (index * width, 0))
    row.save(path)


if __name__ == "__main__":
    main()
