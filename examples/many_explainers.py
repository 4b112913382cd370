"""Several methods side by side: cheap ones at each record, expensive ones now and then.

Where methods agree there is more to believe. The tab shows what each of them cost.
"""

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, make_task


def main(log_dir: str = "logs/methods", *, pictures: int = 2000, epochs: int = 10) -> None:
    """Records class activation maps each time, and what asks the model often every fifth time."""
    task = make_task(pictures)
    model = make_model(size=64, classes=10)
    explain = tbx.Explain(
        log_dir,
        task.monitored.images,
        task.monitored.labels,
        explainers=[
            tbx.GradCAM(),
            tbx.LayerCAM(layer="conv3"),
            tbx.IntegratedGradients(points=20, every=2),
            tbx.LRP(every=2),
            tbx.Occlusion(window=16, stride=16, baseline=tbx.Blurred(), every=5),
            tbx.FeatureVisualization("conv3", channels=4, iterations=32, every=2),
        ],
        class_names=CLASS_NAMES,
        sample_names=task.monitored_names,
        masks=task.monitored.masks,
    )
    model.fit(task.training.images, task.training.labels, epochs=epochs, callbacks=[explain])


if __name__ == "__main__":
    main()
