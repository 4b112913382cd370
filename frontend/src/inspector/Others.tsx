import {shownMap} from '../store/attention';
import {neighbours} from '../store/neighbours';
import {sampleName} from '../store/predictions';
import {pictures} from '../store/tables';
import {MapCell} from '../ui/Cell';
import {moveFocus} from '../views/samples/focus';
import type {Subject} from './subject';
import {tagTitle} from './tag_title';

/** The same sample in all explainers, to choose from. */
export function Others({subject: {run, tag, sample}}: {subject: Subject}) {
  const all = neighbours(run, tag);
  const shots = pictures(run);
  const picture = shots.status === 'ready' ? shots.value.pictures.get(sample) : undefined;
  if (all.length < 2) return null;
  return (
    <div class="others tight" role="grid" aria-label="Explainers of this sample (E and Shift E go through them)" onKeyDown={moveFocus}>
      <div role="row">
        {all.map((other) => {
          const isOpen = other.tag === tag.tag;
          const title = tagTitle(other, all);
          const name = `${title}, ${sampleName(run, sample)}${isOpen ? ', shown above' : ''}`;
          return (
            <MapCell
              key={other.tag} run={run} tag={other} map={shownMap(other, sample)} name={name} sample={sample} picture={picture}
              pixelated={run.samples?.pixelated ?? false} solid={!picture} role="gridcell" tabIndex={isOpen ? 0 : -1} class={isOpen ? 'on' : ''} details={() => title}
            />
          );
        })}
      </div>
    </div>
  );
}
