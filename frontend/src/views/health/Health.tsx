import {useEffect} from 'preact/hooks';
import chartStyle from '../../charts/charts.css?inline';
import {shown} from '../../store/runs';
import {Snippet} from '../../ui/Empty';
import {addStyle} from '../../ui/style';
import {ViewFrame} from '../../ui/ViewFrame';
import {ChartCard} from './ChartCard';
import {Findings} from './Findings';
import style from './health.css?inline';
import {cards, hasMetrics, ofWords, RADAR, subject, tag} from './model';
import {chosenData} from './moment';
import {hovered, Popup} from './Popup';
import {Radar} from './Radar';
import {Tools} from './Tools';

addStyle(chartStyle);
addStyle(style);

const CODE = `tbx.Explain("logs", x_val[:16], y_val[:16], masks=masks, metrics=[
    tbx.Drift(), tbx.Sparseness(), tbx.Localization(),
])`;

/** What would fill the charts that are missing. */
function NoMetrics() {
  return (
    <section class="card wide" aria-label="No metrics">
      <h3><b class="b">No metrics of explanations in these runs</b></h3>
      <p>They come from <code class="mono">metrics=</code>, and some of them need <code class="mono">masks=</code> of the objects.</p>
      <Snippet code={CODE} />
    </section>
  );
}

function Charts() {
  const run = shown.value;
  const runs = chosenData.value;
  return (
    <section class="charts" aria-label="Charts" onPointerLeave={() => (hovered.value = null)}>
      {!hasMetrics.value && <NoMetrics />}
      {cards.value.map((card) =>
        card.id === RADAR
          ? run && tag.value && <Radar key={card.id} run={run} tag={tag.value} />
          : <ChartCard key={card.id} card={card} runs={runs} subject={subject.value} of={ofWords(card)} />,
      )}
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
