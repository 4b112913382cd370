"""Transfer learning in two phases, with the base model nested inside: one time axis for both.

The same `Explain` goes into both calls of `fit`, so that the tab shows epoch 0 to the last one, and
where the base was set free. Without `layer=`, Grad-CAM finds the last layer with rows and columns
inside the base by itself; the tab says which one it took and why.
"""

import keras

import tb_explain as tbx
from tb_explain.demo.task import CLASS_NAMES, make_task


def make_model(base: keras.Model) -> keras.Model:
    """Returns a classifier on top of a base, with the preprocessing inside the model."""
    inputs = keras.Input((64, 64, 3))
    features = base(keras.layers.Rescaling(2.0, offset=-1.0)(inputs))
    pooled = keras.layers.GlobalAveragePooling2D()(features)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(pooled))


def mobile_net() -> keras.Model:
    """Returns a base; in earnest with `weights="imagenet"`, which downloads them."""
    return keras.applications.MobileNetV2((64, 64, 3), alpha=0.35, include_top=False, weights=None)


def main(
    log_dir: str = "logs/fine_tune",
    base: keras.Model | None = None,
    *,
    pictures: int = 2000,
    epochs: int = 3,
) -> None:
    """Trains the head first, then everything with a smaller learning rate."""
    task = make_task(pictures)
    base = base or mobile_net()
    model = make_model(base)
    explain = tbx.Explain(
        log_dir, task.monitored.images, task.monitored.labels, class_names=CLASS_NAMES
    )
    for trainable, learning_rate in ((False, 1e-3), (True, 1e-4)):
        base.trainable = trainable
        model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
        model.fit(
            task.training.images,
            task.training.labels,
            epochs=epochs,
            callbacks=[explain],
        )


if __name__ == "__main__":
    main()
