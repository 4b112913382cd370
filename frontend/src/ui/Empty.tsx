import type {ComponentChildren} from 'preact';
import {useRef, useState} from 'preact/hooks';
import {checked, logdir, now} from '../store/live';
import {duration} from './format';
import {Icon} from './icons';
import {ViewFrame} from './ViewFrame';

/** Code to copy; `mark` is the part of it that stands out. */
export function Snippet({code, mark}: {code: string; mark?: string}) {
  const [copied, setCopied] = useState(false);
  const text = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      if (text.current) getSelection()?.selectAllChildren(text.current);
    }
  };
  const at = mark ? code.indexOf(mark) : -1;
  const marked = mark && at >= 0 ? [code.slice(0, at), <mark key="mark">{mark}</mark>, code.slice(at + mark.length)] : code;
  return (
    <div class="snip">
      <pre tabIndex={0} aria-label="Code"><code ref={text}>{marked}</code></pre>
      <button type="button" class="btn line" onClick={() => void copy()}>
        <Icon name={copied ? 'check' : 'copy'} />
        {copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}

/** What a view says that has nothing to show. */
export function Nothing({title, children}: {title: string; children?: ComponentChildren}) {
  return (
    <div class="empty">
      <div>
        <h2 class="t4">{title}</h2>
      </div>
      {children}
    </div>
  );
}

const LINE = '    tbx.Explain("logs", x_val[:16], y_val[:16], class_names=names),';
const CODE = `import tb_explain as tbx

model.fit(x, y, epochs=40, callbacks=[
    keras.callbacks.TensorBoard("logs"),
${LINE}
])`;

/** The tab before the first record. */
export function EmptyTab() {
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
