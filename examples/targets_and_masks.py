"""Several questions to the same samples: why this class, why not that one, and is it the object?

Each target has maps of its own. With masks of the objects, the tab says whether a prediction is
right for the right reason.
"""

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, SEVEN, make_task


def main(log_dir: str = "logs/targets", *, pictures: int = 2000, epochs: int = 5) -> None:
    """Asks for the right class, the predicted class, and why seven rather than one."""
    task = make_task(pictures)
    model = make_model(size=64, classes=10)
    explain = tbx.Explain(
        log_dir,
        task.monitored.images,
        task.monitored.labels,
        explainers=[tbx.GradCAM(), tbx.HiResCAM(layer="conv3"), tbx.InputXGradient()],
        targets=("label", "predicted", tbx.Contrast(SEVEN, 1)),
        class_names=CLASS_NAMES,
        sample_names=task.monitored_names,
        masks=task.monitored.masks,
    )
    model.fit(task.training.images, task.training.labels, epochs=epochs, callbacks=[explain])


if __name__ == "__main__":
    main()
