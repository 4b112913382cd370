import {END_WORDS} from '../render/scale';
import {face, FACES, outlined, type Face} from '../store/selection';
import {contour, scaleMode, USUAL_CONTOUR} from '../store/view';
import {Segments, Switch} from '../ui/controls';
import {Legend} from '../ui/Legend';
import {contourWords} from '../ui/Outlines';
import {styleOf} from '../ui/Cell';
import type {Column} from '../views/samples/state';
import {endsOf, scaleWords} from '../views/samples/legend_words';
import type {Subject} from './subject';

const FACE_WORDS: Record<Face, string> = {overlay: 'Overlay', map: 'Map', picture: 'Picture'};
const FACE_OPTIONS = FACES.map((value) => ({value, label: FACE_WORDS[value]}));

function setOutline(on: boolean): void {
  outlined.value = on;
  if (!on) contour.value = null;
}

/** The scale of the map, and the switch between map and picture. */
export function Scale({subject: {run, tag, sample}}: {subject: Subject}) {
  const column = {tag} as Column;
  const found = endsOf(run, column, [sample]);
  const style = styleOf(tag.facts.signed, face.value === 'map');
  const text = found?.text ?? '\u00a0';
  const ends = style.signed ? [`\u2212${text}`, '0', `+${text}`] : ['0', `${END_WORDS[scaleMode.value]} ${text}`];
  return (
    <div class="colours">
      <Legend style={style} ends={ends} clipped={found?.clipped ?? false} {...(found && {title: scaleWords(run, column, [sample], found.text)})} />
      <Segments<Face> small label="Show" options={FACE_OPTIONS} value={face.value} onChange={(value) => (face.value = value)} />
      <Switch label={`outline: ${contourWords(contour.value ?? USUAL_CONTOUR)}`} on={outlined.value || contour.value !== null} title="Encloses the strongest places by |value|; specks are left out" onChange={setOutline} />
    </div>
  );
}
