import {useEffect} from 'preact/hooks';
import chartStyle from '../../charts/charts.css?inline';
import {loadPlot} from '../../charts/plot';
import type {RunData} from '../../api';
import {shown} from '../../store/runs';
import {Snippet} from '../../ui/Empty';
import {addStyle} from '../../ui/style';
import {ViewFrame} from '../../ui/ViewFrame';
import type {Card} from './cards';
import {drawnData, MOST_CURVES} from './drawn';
import {ChartCard} from './ChartCard';
import {Findings} from './Findings';
import style from './health.css?inline';
import {Likeness} from './Likeness';
import {cards, hasMetrics, hasMetricsOfObject, LIKENESS, ofWords, RADAR, subject, tag} from './model';
import {chosenData} from './moment';
import {hovered, Popup} from './Popup';
import {Radar} from './Radar';
import {drawsAll} from './state';
import {Tools} from './Tools';

addStyle(chartStyle);
addStyle(style);
// Ahead of the figures, behind which it would wait.
void loadPlot();

const CODE = 'tbx.Explain("logs", x_val[:16], y_val[:16], masks=masks)';

/** What would fill the charts that are missing. */
function Missing() {
  const all = hasMetrics.value;
  if (!tag.value || (all && hasMetricsOfObject.value)) return null;
  return (
    <section class="card wide" aria-label="Not recorded">
      <h3><b class="b">{all ? 'Whether the evidence lies on the object was not recorded' : 'No metrics of explanations in these runs'}</b></h3>
      <p>
        {all ? 'Metrics of the object come with ' : 'They come from the callback unless it has '}
        {!all && <><code class="mono">metrics=[]</code>; those of the object need </>}
        <code class="mono">masks=</code>, which are not zero where the object is.
      </p>
      <Snippet code={CODE} mark="masks=masks" />
    </section>
  );
}

/** Says that not all runs have their curves drawn. */
function LeftOut() {
  const [drawn, all] = [drawnData.value.length, chosenData.value.length];
  if (all <= MOST_CURVES) return null;
  const words = drawn < all ? `Curves of ${drawn} runs: the shown one and the newest. ${all - drawn} more are chosen.` : `Curves of all ${all} chosen runs.`;
  return (
    <p class="wide left-out cap">
      {words} <button type="button" class="go" onClick={() => (drawsAll.value = drawn < all)}>{drawn < all ? 'Draw all' : `Draw ${MOST_CURVES}`}</button>
    </p>
  );
}

/** A chart, or what stands among the charts and shows one record. */
function AnyCard({card, runs}: {card: Card; runs: readonly RunData[]}) {
  const run = shown.value;
  if (card.id === LIKENESS) return run && <Likeness card={card} run={run} />;
  if (card.id === RADAR) return run && tag.value && <Radar card={card} run={run} tag={tag.value} />;
  return <ChartCard card={card} runs={runs} subject={subject.value} of={ofWords(card, runs)} />;
}

function Charts() {
  const runs = drawnData.value;
  return (
    <section class="charts" aria-label="Charts" onPointerLeave={() => (hovered.value = null)}>
      <LeftOut />
      {!hasMetrics.value && <Missing />}
      {cards.value.map((card) => <AnyCard key={card.id} card={card} runs={runs} />)}
      {hasMetrics.value && <Missing />}
    </section>
  );
}

/** What needs a look, and all figures over time. */
export default function Health() {
  useEffect(() => () => {
    hovered.value = null;
  }, []);
  return (
    <ViewFrame title="Health" tools={<Tools />}>
      <div class="health">
        <Findings />
        <Charts />
        <Popup />
      </div>
    </ViewFrame>
  );
}
