import {mapTag, closeCell, opened} from '../store/selection';
import {sampleName} from '../store/predictions';
import {shown} from '../store/runs';
import {Drawer} from '../ui/Drawer';

/** Everything about one cell. */
export default function Inspector() {
  const cell = opened.value;
  const run = shown.value;
  const found = cell && run && mapTag(run.run, cell.tag);
  if (!found || !cell) return null;
  return (
    <Drawer title={`${found.tag.facts.title} · ${sampleName(found.run, cell.sample)}`} onClose={closeCell}>
      {null}
    </Drawer>
  );
}
