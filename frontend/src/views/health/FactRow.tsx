import type {RunData} from '../../api';
import {sample} from '../../store/view';
import {Icon} from '../../ui/icons';
import type {Fact} from './facts';
import {goThere} from './go';
import {useInSight} from './in_sight';
import {RunDots} from './RunDots';
import {SampleThumbnail} from './Thumbnail';

/** Something worth knowing, with the maps that show it. */
export function FactRow({fact, of}: {fact: Fact; of: readonly RunData[]}) {
  const {box, seen} = useInSight<HTMLSpanElement>();
  const run = of.find((one) => one.run === fact.runs[0]);
  const {tag} = fact;
  const index = Math.min(sample.value, Math.max(0, (run?.samples?.count ?? 1) - 1));
  const everywhere = of.length > 1 && fact.runs.length === of.length;
  return (
    <li class={fact.icon === 'warning' ? 'fd warning' : 'fd fact'}>
      <Icon name={fact.icon} />
      <p>{fact.title && <b class="b">{fact.title} </b>}{fact.text}</p>
      <span class="fd-thumb" ref={box}>{seen && run && tag && <SampleThumbnail run={run} tag={tag} sample={index} />}</span>
      <div class="meta cap">
        {everywhere ? 'all runs' : <RunDots runs={fact.runs} />}
        {run && tag && (
          <button
            type="button" class="go" aria-label={`Go there: ${fact.title}`}
            onClick={() => goThere({run: run.run, step: null, tag: tag.tag, sample: index, layer: null, class: null})}
          >
            Go there
          </button>
        )}
      </div>
    </li>
  );
}
