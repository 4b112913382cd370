import type {RunData} from '../../api';
import {axesOf} from '../../store/attention';
import type {Predictions} from '../../store/predictions';
import {END_WORDS} from '../../render/scale';
import {scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {Legend} from '../../ui/Legend';
import {Trust} from '../../ui/Trust';
import {headName, layerName} from '../samples/attention_words';
import {Pickers} from '../samples/Pickers';
import {endsOf, legendWords} from '../samples/legend_words';
import {attentionTags} from '../samples/state';
import type {Row} from './changes';

interface RowHeadProps {
  run: RunData;
  row: Row;
  sample: number;
  known: Predictions | null;
  solid: boolean;
}

/** The scale of a row; where each map has its own, that of the current one. */
function RowLegend({run, row, sample, known, solid}: RowHeadProps) {
  const {signed} = row.tag.facts;
  const found = endsOf(run, row, [sample]);
  const text = found?.text ?? '';
  const ends = !found ? ['\u00a0'] : signed ? [`\u2212${text}`, '0', `+${text}`] : ['0', `${END_WORDS[scaleMode.value]} ${text}`];
  return <Legend style={styleOf(signed, solid)} clipped={found?.clipped ?? false} ends={ends} title={legendWords(run, row, [sample], known, text)} tops={found?.tops} />;
}

/** What a row shows: explainer, target, layer, whether it follows the model, and the scale. */
export function RowHead(props: RowHeadProps) {
  const {run, row: {tag, explainer, head}} = props;
  const {target} = tag.facts;
  const picks = tag.kind === 'attention' && (head === undefined || head === axesOf(tag).heads[0]);
  const layer = picks && attentionTags.value.length > 1 ? null : layerName(tag);
  const words = [explainer.settings, head === undefined ? '' : headName(head), target && `target: ${target}`, layer].filter(Boolean).join(' · ');
  return (
    <div class="rowh" role="rowheader">
      <div class="b clip1" title={explainer.caution ?? explainer.title}>{explainer.title}</div>
      {words && <div class="cap clip1" title={words}>{words}</div>}
      {picks && <Pickers column={props.row} sideBySide />}
      <div class="clip1"><Trust run={run} tags={explainer.tags} /></div>
      <div class="scale"><RowLegend {...props} /></div>
    </div>
  );
}
