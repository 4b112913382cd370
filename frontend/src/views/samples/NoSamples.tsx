import {Nothing, Snippet} from '../../ui/Empty';

const CODE = `tbx.Explain("logs", x_val[:16], y_val[:16], explainers=[
    tbx.GradCAM(), tbx.Saliency(), tbx.Activations(), tbx.Filters(),
])`;

/** What a run says that monitors no samples. */
export default function NoSamples() {
  return (
    <Nothing title="No samples in this run">
      <p class="lead">Monitored samples and their maps come from the callback.</p>
      <Snippet code={CODE} />
    </Nothing>
  );
}
