import {useEffect, useLayoutEffect} from 'preact/hooks';
import chartStyle from '../charts/charts.css?inline';
import {shownMap} from '../store/attention';
import {neighbours} from '../store/neighbours';
import {predictionsOf, sampleName} from '../store/predictions';
import {closeCell, inspected, isPinned, sendToCompare, togglePin} from '../store/selection';
import {step} from '../store/time';
import {IconButton} from '../ui/controls';
import {Drawer} from '../ui/Drawer';
import {ExportButton} from '../ui/ExportButton';
import {addStyle} from '../ui/style';
import {Classes} from './Classes';
import {Details} from './Details';
import {Highlights, OtherMetrics} from './Facts';
import {fillOrder, followSample} from './follow';
import css from './inspector.css?inline';
import {LargePicture} from './LargePicture';
import {Others} from './Others';
import {Pickers} from './Pickers';
import {Scale} from './Scale';
import type {Subject} from './subject';
import {tagTitle} from './tag_title';
import {Values} from './Values';
import {Who} from './Who';

function Actions({subject: {run, tag, sample}}: {subject: Subject}) {
  const compare = () => sendToCompare('a', {run: run.run, tag: tag.tag, step: step.peek()}, sample);
  const isOn = isPinned(run, sample);
  return (
    <>
      <IconButton icon="pin" label={isOn ? 'Unpin the sample (P)' : 'Pin the sample (P)'} pressed={isOn} onClick={() => togglePin(run, sample)} />
      <IconButton icon="compare" label="Compare this: it becomes A (A)" onClick={compare} />
      <ExportButton within={() => document.querySelector<HTMLElement>('.drawer .big')} />
    </>
  );
}

/** The cell of the view that shows this map. */
function cellOf({run, tag, sample, map}: Subject): HTMLElement | null {
  const of = (name: string, value: string | number) => `[data-${name}="${CSS.escape(String(value))}"]`;
  const cell = `#view .cell${of('run', run.run)}${of('tag', tag.tag)}${of('sample', sample)}`;
  return document.querySelector(`${cell}${of('map', map)}`) ?? document.querySelector(cell);
}

function Body({subject}: {subject: Subject}) {
  const loaded = predictionsOf(subject.run);
  const known = loaded?.status === 'ready' ? loaded.value : null;
  return (
    <>
      <Who subject={subject} known={known} />
      <LargePicture subject={subject} />
      <Scale subject={subject} />
      <Pickers subject={subject} />
      <Others subject={subject} />
      <Highlights subject={subject} />
      {known && <Classes subject={subject} known={known} />}
      <Values subject={subject} />
      <OtherMetrics subject={subject} />
      <Details subject={subject} />
    </>
  );
}

/** Everything about one cell. */
export default function Inspector() {
  useLayoutEffect(() => [chartStyle, css].forEach(addStyle), []);
  useEffect(followSample, []);
  useEffect(fillOrder, []);
  const cell = inspected.value;
  if (!cell) return null;
  const subject = {...cell, map: shownMap(cell.tag, cell.sample, cell.head === undefined ? {} : {head: cell.head})};
  const title = `${tagTitle(cell.tag, neighbours(cell.run, cell.tag))} · ${sampleName(cell.run, cell.sample)}`;
  return (
    <Drawer title={title} actions={<Actions subject={subject} />} onClose={closeCell} home={() => cellOf(subject)}>
      <Body subject={subject} />
    </Drawer>
  );
}
