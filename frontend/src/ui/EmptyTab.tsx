import {checked, logdir, now} from '../store/live';
import {Snippet} from './Empty';
import {duration} from './format';
import {ViewFrame} from './ViewFrame';

const LINE = '    tbx.Explain("logs", x_val[:16], y_val[:16], class_names=names),';
const CODE = `import tb_explain as tbx

model.fit(x, y, epochs=40, callbacks=[
    keras.callbacks.TensorBoard("logs"),
${LINE}
])`;

/** The tab before the first record. */
export default function EmptyTab() {
  const seconds = checked.value === null ? 0 : Math.max(0, Math.round((now.value - checked.value) / 1000));
  return (
    <ViewFrame title="Explain" tools={<span class="b">Explain</span>}>
      <div class="empty">
        <div>
          <h2 class="t4">No explanations in this log directory yet</h2>
          <p class="lead">Add one callback to your training. The first pictures appear here by themselves, before the first epoch ends.</p>
        </div>
        <Snippet code={CODE} mark={LINE} />
        <p class="lead">To see a demo, run <code class="mono">tb-explain demo</code></p>
        <p class="cap watching">
          <span class="live" />
          <span>Watching <code class="mono">{logdir.value}</code> · checked {duration(seconds)} ago</span>
        </p>
      </div>
    </ViewFrame>
  );
}
