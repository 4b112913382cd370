import type {MapTag, RunData} from '../../api';
import {pickSteps} from '../../charts/series';
import type {Extent} from '../../render/scale';
import {lastNotAbove, tagSteps} from '../../store/steps';
import {goTo, stepName, stepText, steps} from '../../store/time';
import {MapCell} from '../../ui/Cell';
import {settledStep} from './settled';
import {useComputedOf} from './use_computed';

interface ChannelTimeProps {
  run: RunData;
  tag: MapTag;
  map: number;
  extent: () => Extent | null;
  /** Channel or filter, with its number. */
  name: string;
  sharp?: boolean;
}

const PLACES = 6;

/** One map at a few records up to now, in the scale of all; a click goes there. */
export function ChannelTime({run, tag, map, extent, name, sharp = false}: ChannelTimeProps) {
  const picked = useComputedOf(() => pickSteps(tagSteps(run, tag), settledStep.value, PLACES), [run, tag]).value;
  const go = (at: number) => goTo(lastNotAbove(steps.peek(), at));
  return (
    <section aria-label={`${name} over time`}>
      <h3><span class="b">{name} over time</span><span class="cap">{stepName.value.toLowerCase()}</span></h3>
      <div class="rowline">
        {picked.map((at, place) => (
          <figure key={at} class={place === picked.length - 1 ? 'now' : ''}>
            <div onClick={() => go(at)}>
              <MapCell {...{run, tag, map, at, extent, sharp}} solid tabIndex={-1} name={`${name} at ${stepText(at)}`} />
            </div>
            <figcaption>{stepText(at)}</figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}
