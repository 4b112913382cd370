import {useState} from 'preact/hooks';
import {IconButton, Switch} from './controls';
import css from './help.css?inline';
import {KEYS} from './key_list';
import {keysOn, setKeys} from './keys';
import {addStyle} from './style';
import {helpOpen} from './ViewFrame';

addStyle(css);

/** The list of keys, beside the view and not over it. */
export default function Help() {
  const [on, setOn] = useState(keysOn);
  if (!helpOpen.value) return null;
  const change = (next: boolean) => {
    setKeys(next);
    setOn(next);
  };
  return (
    <aside class="help panel" aria-label="Keys">
      <h2 class="row">
        <span class="b">Keys</span>
        <IconButton icon="cross" label="Close (Esc)" onClick={() => (helpOpen.value = false)} />
      </h2>
      <dl>
        {KEYS.map(({keys, or = [], words}) => (
          <div key={words}>
            <dt>
              {keys.map((key) => <kbd key={key}>{key}</kbd>)}
              {or.length > 0 && <span class="cap">or</span>}
              {or.map((key) => <kbd key={key}>{key}</kbd>)}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <Switch label="Single keys" on={on} onChange={change} />
    </aside>
  );
}
