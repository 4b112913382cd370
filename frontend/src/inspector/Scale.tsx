import {outlineValue} from '../render/outline';
import {END_WORDS} from '../render/scale';
import {headAt} from '../store/attention';
import {face, FACES, outlined, type Face} from '../store/selection';
import {cells, contour, scaleMode, USUAL_CONTOUR} from '../store/view';
import {Segments, Switch} from '../ui/controls';
import {figure} from '../ui/format';
import {Legend} from '../ui/Legend';
import {contourWords} from '../ui/Outlines';
import {styleOf} from '../ui/Cell';
import type {Column} from '../views/samples/state';
import {endsOf, scaleWords} from '../views/samples/legend_words';
import {restedMap, type Subject} from './subject';

const FACE_WORDS: Record<Face, string> = {overlay: 'Overlay', map: 'Map', picture: 'Picture'};
const FACE_OPTIONS = FACES.map((value) => ({value, label: FACE_WORDS[value]}));

function setOutline(on: boolean): void {
  outlined.value = on;
  if (!on) contour.value = null;
}

/** What the outline encloses, and the value along which it runs. */
function outlineWords(subject: Subject, tops: readonly [number, number] | undefined): string {
  const chosen = contour.value ?? USUAL_CONTOUR;
  const now = restedMap(subject);
  // Of a level, the legend says the value.
  const isDrawn = chosen.by === 'share' && (outlined.value || contour.value !== null);
  const value = isDrawn && now.status === 'ready' && tops ? outlineValue(now.map, chosen, tops[1], cells.value) : null;
  return `outline: ${contourWords(chosen)}${value === null ? '' : `, from ${subject.tag.facts.signed ? '±' : ''}${figure(value)}`}`;
}

/** The scale of the map, and the switch between map and picture. */
export function Scale({subject}: {subject: Subject}) {
  const {run, tag, sample, map} = subject;
  const column = {tag, head: headAt(tag, map)} as Column;
  const found = endsOf(run, column, [sample]);
  const style = styleOf(tag.facts.signed, face.value === 'map');
  const text = found?.text ?? '\u00a0';
  const ends = style.signed ? [`\u2212${text}`, '0', `+${text}`] : ['0', `${END_WORDS[scaleMode.value]} ${text}`];
  return (
    <div class="colours">
      <Legend style={style} ends={ends} clipped={found?.clipped ?? false} tops={found?.tops} {...(found && {title: scaleWords(run, column, [sample], found.text)})} />
      <Segments<Face> small label="Show" options={FACE_OPTIONS} value={face.value} onChange={(value) => (face.value = value)} />
      <Switch label={outlineWords(subject, found?.tops)} on={outlined.value || contour.value !== null} title="Encloses the strongest places by |value|; specks are left out" onChange={setOutline} />
    </div>
  );
}
