import {END_WORDS, topOf} from '../render/scale';
import {scaleExtent} from '../store/scales';
import {scaleMode} from '../store/view';
import {figure, plural} from '../ui/format';
import {heights, spreadOf, type Spread} from './histogram';
import {restedMap, type Subject} from './subject';

/** A share that is not shown as nothing where it is something: `1.1 %`. */
const shareWords = (share: number): string => `${share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)}\u202f%`;

/** `256 cells · 1.1 % above p99`. */
function summary({cells, beyond, low}: Spread): string {
  const where = low < 0 ? 'beyond' : 'above';
  const above = END_WORDS[scaleMode.value] === 'p99' ? ` · ${shareWords(beyond)} ${where} p99` : '';
  return `${plural(cells, 'cell')}${above}`;
}

function Bars({spread, marks}: {spread: Spread; marks: readonly number[]}) {
  const bars = heights(spread.counts);
  const share = (value: number) => ((value - spread.low) / (spread.high - spread.low)) * 100;
  return (
    <div class="bars" aria-hidden="true">
      {bars.map((height, i) => <i key={i} style={{height: `${height * 100}%`}} />)}
      {marks.map((mark) => <b key={mark} style={{left: `${share(mark)}%`}} />)}
    </div>
  );
}

/** How the values of the map are spread, with marks at the ends of its colours. */
export function Values({subject}: {subject: Subject}) {
  const at = restedMap(subject);
  const extent = scaleExtent(subject.run, subject.tag, subject.map);
  if (at.status !== 'ready' || !extent) return <section class="values" aria-label="Values" />;
  const top = topOf(scaleMode.value, at.map, extent);
  const spread = spreadOf(at.map, top);
  const {low, high} = spread;
  const words = `${summary(spread)}, from ${figure(low)} to ${figure(high)}; colours end at ${figure(top)}`;
  return (
    <section class="values" aria-label="Values">
      <h3><span class="b">Values</span><span class="cap" title="Heights are logarithmic. The line marks where colours end.">{summary(spread)}</span></h3>
      <Bars spread={spread} marks={at.map.signed ? [-top, top] : [top]} />
      <div class="ends cap" aria-hidden="true"><span>{figure(low)}</span>{at.map.signed && <span>0</span>}<span>{figure(high)}</span></div>
      <span class="sr">{words}</span>
    </section>
  );
}
