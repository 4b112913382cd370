import {useEffect, useRef, useState} from 'preact/hooks';
import {findingsOf, worst, type Finding} from '../store/findings';
import {shown} from '../store/runs';
import {share, stepName, stepText} from '../store/time';
import {Icon} from '../ui/icons';
import {showInList} from '../views/health/go';
import {placeOfStep} from '../views/health/moment';
import {mergeMarks, type Mark} from './marks';

/** Two marks that are nearer than that would cover each other. */
const ROOM = 16;

function wordsOf({findings}: Mark): string {
  const said = findings.map(({from, title}) => `${stepName.value} ${stepText(from)}: ${title}`);
  return said.join('\n');
}

function MarkButton({mark}: {mark: Mark}) {
  const severity = worst(mark.findings) ?? 'warning';
  const words = wordsOf(mark);
  const first = mark.findings.find((finding) => finding.severity === severity)!;
  return (
    <button
      type="button" class={`mark ${severity}`} style={{left: `${mark.place * 100}%`}} title={words}
      aria-label={`${severity === 'error' ? 'Error' : 'Warning'}. ${words}`} onClick={() => showInList(first)}
    >
      <Icon name={severity} />
      {mark.findings.length > 1 && <b aria-hidden="true">{mark.findings.length}</b>}
    </button>
  );
}

const isMarked = ({severity}: Finding): boolean => severity !== 'info';

/** Findings of the shown run on top of the time axis. */
export default function Marks() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry?.contentRect.width && setWidth(entry.contentRect.width));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const run = shown.value;
  const findings = run ? findingsOf(run).filter(isMarked) : [];
  const marks = run ? mergeMarks(findings, (finding) => share(placeOfStep(run, finding.from)), ROOM / width) : [];
  return (
    <div class="marks" ref={box} role="group" aria-label="Findings over time">
      {marks.map((mark) => <MarkButton key={mark.findings[0]!.key} mark={mark} />)}
    </div>
  );
}
