import {Segments} from '../../ui/controls';
import type {LayerNode} from './ladder';
import {pane, panesOf} from './model';
import {canHave, remedy} from './remedy';
import {PANES, wantedPane, type Pane} from './state';

const TITLES: Readonly<Record<Pane, string>> = {
  channels: 'Channels', filters: 'Filters', features: 'Features', weights: 'Weights',
};

interface PaneHeadProps {
  node: LayerNode;
  /** In which order, on what, when. */
  words(): string;
  /** How many of how many are shown. */
  count: string;
}

/** The title of the open part, and the way to the others that the layer has. */
export function PaneHead({node, words, count}: PaneHeadProps) {
  const now = pane.value ?? 'channels';
  const recorded = panesOf(node.path);
  const options = PANES.filter((value) => recorded.includes(value) || canHave(node, value)).map((value) => ({
    value,
    label: TITLES[value],
    refused: recorded.includes(value) ? undefined : `Not recorded. Add ${remedy(node, value)} to explainers=.`,
  }));
  return (
    <div class="sec-head">
      {options.length > 1
        ? <Segments label="What is shown of the layer" options={options} value={now} onChange={(value) => (wantedPane.value = value)} />
        : <h3 class="b">{TITLES[now]}</h3>}
      <Words words={words} />
      <span class="cap count-of">{count}</span>
    </div>
  );
}

// Alone, so that a step draws the words and not the part below them.
function Words({words}: Pick<PaneHeadProps, 'words'>) {
  return <span class="cap clip1" title={words()}>{words()}</span>;
}
