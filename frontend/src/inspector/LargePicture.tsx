import {useSignal, type ReadonlySignal, type Signal} from '@preact/signals';
import {axesOf, chooseQuery, headAt, queryOf} from '../store/attention';
import type {MapAt} from '../store/maps';
import {point, pointer, unpoint} from '../store/pointer';
import {className, sampleName} from '../store/predictions';
import {topOf} from '../render/scale';
import {scaleExtent} from '../store/scales';
import {face, outlined} from '../store/selection';
import {pictures} from '../store/tables';
import {contour, scaleMode, USUAL_CONTOUR} from '../store/view';
import {MapCell} from '../ui/Cell';
import {Fit, pictureProportion} from '../ui/Fit';
import {ObjectOutline} from '../ui/ObjectOutline';
import {MapOutline} from '../ui/Outlines';
import {Picture} from '../ui/Picture';
import {choiceWords, patchOf} from '../views/samples/attention_words';
import {figureWords} from '../views/samples/figure_words';
import {nearestQuery} from '../views/samples/query_pick';
import {targetBadge} from '../views/samples/target_badge';
import {moved, readingWords} from './reading';
import {useMap, type Subject} from './subject';

const FAR = 4;

const pixelsOf = ({run, tag}: Subject) => run.samples ?? {rows: tag.facts.native[0], cols: tag.facts.native[1]};

/** What is read at the place under the cursor; empty where it is elsewhere. */
function wordsAt(subject: Subject, at: MapAt): string {
  const place = pointer.value;
  if (place?.sample !== subject.sample) return '';
  return readingWords(place, pixelsOf(subject), at.status === 'ready' && face.value !== 'picture' ? at.map : null);
}

/** The ring at the place under the cursor, with pixel and value. */
function Reading({subject, at}: {subject: Subject; at: ReadonlySignal<MapAt>}) {
  const place = pointer.value;
  const words = wordsAt(subject, at.value);
  if (!place || !words) return null;
  const side = place.x > 0.6 ? 'val left' : 'val';
  return (
    <span class="reticle" style={{'--hx': `${place.x * 100}%`, '--hy': `${place.y * 100}%`}} aria-hidden="true">
      <span class="xh" />
      <span class={side}>{words}</span>
    </span>
  );
}

/** The recorded patches from which attention can be seen; the chosen one stands out. */
function Patches({subject: {tag}}: {subject: Subject}) {
  const [rows, cols] = tag.facts.native;
  const chosen = queryOf(tag);
  const share = (place: number, all: number) => `${(place / all) * 100}%`;
  return (
    <>
      {axesOf(tag).queries.map((query) => {
        const patch = patchOf(tag, query);
        if (!patch) return null;
        return <i key={query} class={query === chosen ? 'query' : 'query other'} style={{left: share(patch.col, cols), top: share(patch.row, rows), width: share(1, cols), height: share(1, rows)}} />;
      })}
    </>
  );
}

/** Takes the query of attention that is recorded nearest to the place under the cursor; says whether there is one. */
function chooseAt({tag, sample}: Subject): boolean {
  const place = pointer.peek();
  const query = place?.sample === sample ? nearestQuery(tag, place.x, place.y) : undefined;
  if (query !== undefined) chooseQuery(query);
  return query !== undefined;
}

/** Reads the map by keys: arrows move by a cell, Shift by several, Enter looks from a patch. */
function onKey(event: KeyboardEvent, subject: Subject, spoken: Signal<string>, at: ReadonlySignal<MapAt>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const now = pointer.peek();
  const here = now?.sample === subject.sample ? now : null;
  const grid = at.peek().status === 'ready' ? (at.peek() as {map: {rows: number; cols: number}}).map : pixelsOf(subject);
  const next = moved(here, event.key, grid, event.shiftKey ? FAR : 1);
  if (next) {
    pointer.value = {sample: subject.sample, ...next};
    spoken.value = wordsAt(subject, at.peek());
  } else if (event.key !== 'Enter' || !chooseAt(subject)) return;
  event.preventDefault();
}

function nameOf({run, tag, sample, map}: Subject): string {
  const label = run.samples?.labels[sample] ?? null;
  return [tag.facts.title, choiceWords(tag, headAt(tag, map)), sampleName(run, sample), className(run, label)].filter(Boolean).join(', ');
}

/** Outlines that the cells of the view need not have. */
function Outlines({subject: {run, sample, tag, map}, at}: {subject: Subject; at: ReadonlySignal<MapAt>}) {
  const top = () => {
    const extent = scaleExtent(run, tag, map);
    return at.value.status === 'ready' && extent ? topOf(scaleMode.value, at.value.map, extent) : null;
  };
  return (
    <>
      {outlined.value && !contour.value && <MapOutline at={at} top={top} chosen={USUAL_CONTOUR} />}
      <ObjectOutline run={run} sample={sample} />
    </>
  );
}

interface FaceProps {
  subject: Subject;
  at: ReadonlySignal<MapAt>;
  picture: string | undefined;
}

function Face({subject, at, picture}: FaceProps) {
  const {run, tag, sample, map} = subject;
  const pixelated = run.samples?.pixelated ?? false;
  const name = nameOf(subject);
  if (face.value === 'picture' && picture) {
    return (
      <div class="cell" role="img" aria-label={`Input, ${sampleName(run, sample)}`}>
        <Fit of={pictureProportion(run)}>
          <Picture address={picture} pixelated={pixelated} />
          <ObjectOutline run={run} sample={sample} />
          <Reading subject={subject} at={at} />
        </Fit>
      </div>
    );
  }
  const solid = face.value === 'map' || !picture;
  const badge = targetBadge(run, tag, map, run.samples?.labels[sample] ?? null);
  return (
    <MapCell run={run} tag={tag} map={map} name={name} picture={solid ? undefined : picture} pixelated={pixelated} solid={solid} details={figureWords} tabIndex={-1} {...(badge && {badge})}>
      {tag.kind === 'attention' && <Patches subject={subject} />}
      <Outlines subject={subject} at={at} />
      <Reading subject={subject} at={at} />
    </MapCell>
  );
}

/** The map, large, over its picture; cursor and arrow keys read it. */
export function LargePicture({subject}: {subject: Subject}) {
  const {run, sample} = subject;
  const at = useMap(subject);
  const spoken = useSignal('');
  const shots = pictures(run);
  const picture = shots.status === 'ready' ? shots.value.pictures.get(sample) : undefined;
  const onMove = (event: PointerEvent) => point(sample, event, (event.currentTarget as HTMLElement).querySelector('.cell')!);
  return (
    <div
      class="big" role="application" tabIndex={0} aria-label={`${nameOf(subject)}: arrow keys read values`}
      onPointerMove={onMove} onPointerLeave={unpoint} onBlur={unpoint} onClick={() => chooseAt(subject)}
      onKeyDown={(event) => onKey(event, subject, spoken, at)}
    >
      <Face subject={subject} at={at} picture={picture} />
      <span class="sr" role="status">{spoken}</span>
    </div>
  );
}
