import {logdir} from '../../store/live';
import {Popover} from '../../ui/controls';
import {Snippet} from '../../ui/Empty';
import {percent} from '../../ui/format';
import {commandOf, takesOthers} from './command';
import {moved} from './rows';
import type {ChosenSide} from './sides';
import {onlyMoved} from './state';
import {LARGEST_DRIFT, LARGEST_FALL} from './verdict';

interface ReasonsProps {
  a: ChosenSide;
  b: ChosenSide;
}

const TITLE = `Samples that A and B predict alike, while the drift is above ${LARGEST_DRIFT}, the evidence on the object fell by more than ${percent(LARGEST_FALL)}, or nothing is left in B.`;

/** Lists the samples whose reason moved alone, and tells the command that finds them. */
export function Reasons({a, b}: ReasonsProps) {
  const isOn = onlyMoved.value;
  return (
    <div class="reasons">
      <button type="button" class="btn line" aria-pressed={isOn} disabled={!moved.value && !isOn} title={TITLE} onClick={() => (onlyMoved.value = !isOn)}>
        <span class="clip1">Prediction stayed, reason moved</span>
        <span class="num">{moved.value}</span>
      </button>
      <Popover class="end" label="The same as a test" icon="copy">
        <AsTest a={a} b={b} />
      </Popover>
    </div>
  );
}

function AsTest({a, b}: ReasonsProps) {
  return (
    <div class="as-test">
      <p>Finds the same samples in a terminal or in CI, and ends with status 1 if there are any.</p>
      {[a, b].some(takesOthers) && <p class="cap">Of several heads or queries it compares the first, not those in sight.</p>}
      <Snippet code={commandOf(a, b, logdir.value)} />
      <p class="cap">In a Python test: <code class="mono">tbx.check(a, b)</code></p>
    </div>
  );
}
