import {useCallback} from 'preact/hooks';
import {shown} from '../../store/runs';
import {MapCell} from '../../ui/Cell';
import {figureWords} from '../samples/figure_words';
import {colourExtent} from './pair';
import {mapOf, type ChosenSide, type Match} from './sides';
import {mapsWords, runName, targetWords} from './words';

interface SideCellProps {
  side: ChosenSide;
  match: Match;
  picture: string | undefined;
  /** Whether it lies below another one, so that it takes no focus and shows no value. */
  layered?: boolean;
}

/** The map of one side. */
export function SideCell({side, match, picture, layered = false}: SideCellProps) {
  const {data, maps, name, step} = side;
  const own = name === 'a' ? match.a : match.b;
  const extent = useCallback(() => colourExtent(side, match), [side, match]);
  if (own === null) return <NotThere run={side.run} />;
  const words = [mapsWords(side), targetWords(side, own), runName(side.run)].filter(Boolean).join(', ');
  return (
    <MapCell
      key={`${name} ${side.run} ${side.tag} ${data.version}`}
      run={data} tag={maps} map={mapOf(side, own)} at={step ?? undefined} extent={extent}
      name={`${name.toUpperCase()}: ${words}`} sample={layered ? null : match.shown} own={own}
      picture={picture} pixelated={data.samples?.pixelated ?? false} solid={!picture}
      opens={!layered && side.run === shown.value?.run} details={figureWords} class={`side-${name}`} tabIndex={layered ? -1 : 0}
    />
  );
}

function NotThere({run}: {run: string}) {
  return <div class="cell msg" role="img" tabIndex={0} aria-label="This sample is not in this run"><span class="words">This sample is not in {runName(run)}</span></div>;
}
