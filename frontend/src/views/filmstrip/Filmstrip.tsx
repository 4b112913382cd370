import {useEffect, useLayoutEffect, useRef} from 'preact/hooks';
import type {RunData} from '../../api';
import {setWaiting} from '../../render/ready';
import {point, unpoint} from '../../store/pointer';
import {shown} from '../../store/runs';
import {pictures} from '../../store/tables';
import {stepIndex} from '../../store/time';
import {hiddenExplainers, sampleOrder} from '../../store/view';
import {Nothing, Snippet} from '../../ui/Empty';
import {missingPart} from '../../ui/missing_part';
import {addStyle} from '../../ui/style';
import {ViewFrame} from '../../ui/ViewFrame';
import {followFocus, moveFocus} from '../samples/focus';
import {columnKey} from '../samples/Row';
import {evidence, predictions} from '../samples/state';
import {changes, columns, room, watchColumns} from './columns';
import {ChangeRow, PredictionRow} from './FilmFoot';
import {FilmHead} from './FilmHead';
import {FilmRow} from './FilmRow';
import {useNow} from './now';
import {rows, subject, width} from './state';
import css from './style.css?inline';
import {Subject} from './Subject';
import {MapTools, Tools} from './Tools';

addStyle(css);

const CODE = `tbx.Explain("logs", x_val[:16], y_val[:16], explainers=[
    tbx.GradCAM(), tbx.Saliency(),
])`;

/** Follows the width of the view, which decides how many columns there are. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const view = box.current?.closest('.view');
    if (!view) return undefined;
    const measure = () => {
      if (view.clientWidth) width.value = view.clientWidth;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(view);
    return () => observer.disconnect();
  }, []);
  return box;
}

/** Rows of still fields of the final size, until the columns are known. */
function Waiting() {
  useLayoutEffect(() => {
    setWaiting('film', true);
    return () => setWaiting('film', false);
  }, []);
  return (
    <>
      {rows.value.map((row) => (
        <div key={columnKey(row)} class="frow">
          <div class="rowh" />
          {Array.from({length: room.value}, (_, place) => <div key={place} class="cell"><span class="skel" /></div>)}
        </div>
      ))}
    </>
  );
}

function Film({run, picture}: {run: RunData; picture: string | undefined}) {
  const none = missingPart.now.value;
  const grid = useRef<HTMLDivElement>(null);
  const found = columns.value;
  const known = predictions.value;
  const sample = subject.value;
  useNow(grid, found);
  const onMove = (event: PointerEvent) => {
    const cell = (event.target as HTMLElement).closest('.cell');
    if (cell) point(sample, event, cell);
    else unpoint();
  };
  if (!found) return <div class="film" style={{'--cols': room.value}}><Waiting /></div>;
  return (
    <div class="film" role="grid" aria-label="Explanations by explainer and record" ref={grid} style={{'--cols': found.length}} onPointerMove={onMove} onPointerLeave={unpoint} onKeyDown={moveFocus} onFocusIn={followFocus}>
      <FilmHead run={run} columns={found} current={stepIndex.peek()} />
      {rows.value.map((row) => (
        <FilmRow key={columnKey(row)} run={run} row={row} sample={sample} columns={found} known={known} picture={picture} />
      ))}
      {known && <PredictionRow run={run} sample={sample} columns={found} known={known} evidence={evidence.value} />}
      {changes.value && <ChangeRow run={run} columns={found} changes={changes.value.mean} rows={rows.value.length} />}
      {none && <none.MissingFilm columns={found.length} />}
    </div>
  );
}

function NoRows() {
  const isHidden = hiddenExplainers.value.length > 0;
  if (isHidden) {
    return (
      <Nothing title="No explainer is switched on">
        <button type="button" class="btn line" onClick={() => (hiddenExplainers.value = [])}>Switch all on</button>
      </Nothing>
    );
  }
  return (
    <Nothing title="No maps of samples in this run">
      <p class="lead">They come from explainers of attribution or attention. Add some to <code class="mono">explainers=</code>.</p>
      <Snippet code={CODE} />
    </Nothing>
  );
}

function Content({run}: {run: RunData}) {
  const box = useWidth();
  const shots = pictures(run);
  const picture = shots.status === 'ready' ? shots.value.pictures.get(subject.value) : undefined;
  useLayoutEffect(watchColumns, []);
  useEffect(() => {
    const count = run.samples?.count ?? 0;
    if (!sampleOrder.peek().includes(subject.peek())) sampleOrder.value = Array.from({length: count}, (_, sample) => sample);
  }, [run.run, subject.value]);
  return (
    <div ref={box}>
      <Subject run={run} sample={subject.value} known={predictions.value} picture={picture} />
      {rows.value.length ? <Film run={run} picture={picture} /> : <NoRows />}
    </div>
  );
}

/** One sample over time: a row per explainer and target, a column per record. */
export default function Filmstrip() {
  const run = shown.value;
  if (!run) return null;
  if (!run.samples?.count) return <ViewFrame title="Filmstrip" tools={<span class="b">Filmstrip</span>}><NoRows /></ViewFrame>;
  return (
    <ViewFrame title="Filmstrip" tools={<Tools />} ends={<MapTools />}>
      <Content run={run} />
    </ViewFrame>
  );
}
