import {runColour} from '../../store/runs';

/** Runs as dots in their colours. */
export function RunDots({runs}: {runs: readonly string[]}) {
  return (
    <>
      {runs.map((run) => (
        <span key={run} class="dot" style={{'--c': runColour(run)}} title={run}><span class="sr">Run {run}</span></span>
      ))}
    </>
  );
}
