import {useEffect, useLayoutEffect} from 'preact/hooks';
import type {RunData} from '../../api';
import {setWaiting} from '../../render/ready';
import {shown} from '../../store/runs';
import {Nothing, Snippet} from '../../ui/Empty';
import {addStyle} from '../../ui/style';
import {ViewFrame} from '../../ui/ViewFrame';
import {watchFigures} from './all_figures';
import {List} from './List';
import {areLoading, publishSides, sideA, sideB} from './sides';
import {Stage} from './Stage';
import css from './style.css?inline';
import {MapTools, Tools} from './Tools';
import {comparable} from './usual_sides';

const CODE = `tbx.Explain("logs", x_val[:16], y_val[:16], explainers=[
    tbx.GradCAM(), tbx.IntegratedGradients(),
])`;

/** What would fill the view. */
function Empty({run}: {run: RunData}) {
  if (!comparable(run).length) {
    return (
      <Nothing title="No maps of samples in this run">
        <p class="lead">Compare shows two explanations of a sample beside each other, and what differs.</p>
        <Snippet code={CODE} mark="tbx.GradCAM()" />
      </Nothing>
    );
  }
  return (
    <Nothing title="Nothing to compare with yet">
      <p class="lead">So far there is one record of one explainer. The next record of this run, another run with the same samples, or a second explainer fills this view by itself.</p>
      <Snippet code={CODE} mark="tbx.IntegratedGradients()" />
    </Nothing>
  );
}

function Both() {
  const [a, b] = [sideA.value, sideB.value];
  if (!a || !b) return null;
  return (
    <div class="cmp">
      <Stage a={a} b={b} />
      <List a={a} b={b} />
    </div>
  );
}

const WAITING = 'sides of the comparison';

/** Two explanations of a sample, their difference, and all samples by how much they differ. */
export default function Compare() {
  const run = shown.value;
  useLayoutEffect(() => addStyle(css), []);
  useEffect(() => {
    const stops = [publishSides(), watchFigures()];
    return () => stops.forEach((stop) => stop());
  }, []);
  const isLoading = areLoading.value;
  useLayoutEffect(() => {
    setWaiting(WAITING, isLoading);
    return () => setWaiting(WAITING, false);
  }, [isLoading]);
  if (!run) return null;
  const isEmpty = !isLoading && (!sideA.value || !sideB.value);
  return (
    <ViewFrame title="Compare" tools={isEmpty ? <span class="b">Compare</span> : <Tools />} ends={isEmpty ? null : <MapTools />}>
      {isEmpty ? <Empty run={run} /> : <Both />}
    </ViewFrame>
  );
}
