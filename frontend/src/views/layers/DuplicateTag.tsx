import type {MapTag, RunData} from '../../api';
import {figure, plural} from '../../ui/format';
import {Icon} from '../../ui/icons';
import {order, wantedChannel, wantedPane} from './state';
import {settledStep} from './settled';
import {alikeFilters, likenesses, nearDuplicates} from './twins';

/** Pairs that are told one by one. */
const SPOKEN = 6;

/** How many filters of the layer are almost the same; a click shows them side by side. */
export function DuplicateTag({run, tag}: {run: RunData; tag: MapTag}) {
  const known = likenesses(run, tag);
  const pairs = known ? nearDuplicates(known, tag.columns.channel, settledStep.value) : [];
  if (!pairs.length) return null;
  const list = pairs.slice(0, SPOKEN).map(({channel, twin, alike}) => `${channel} and ${twin} (cosine ${figure(alike)})`);
  const open = () => {
    wantedPane.value = 'filters';
    order.value = 'alike';
    wantedChannel.value = pairs[0]!.channel;
  };
  return (
    <button type="button" class="tag pressable" title={`Almost the same: ${list.join(', ')}${pairs.length > SPOKEN ? ', …' : ''}`} onClick={open}>
      <Icon name="copy" />{plural(alikeFilters(pairs), 'near-duplicate')}
    </button>
  );
}
