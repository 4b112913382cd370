import type {ComponentType} from 'preact';
import {Popover} from './controls';
import {useLazy} from './lazy';

type PanelProps = {within: () => HTMLElement | null};

function Panel(props: PanelProps) {
  const Loaded = useLazy<PanelProps>('export', () => import('../export/Panel') as Promise<{default: ComponentType<PanelProps>}>);
  if (Loaded === 'gone') return <p class="cap">tb_explain was updated. Reload the page.</p>;
  return Loaded === 'loading' ? null : <Loaded {...props} />;
}

/** Saves the cells in sight of a part of the page; of the view by default. */
export function ExportButton({within = () => document.getElementById('view')}: {within?: () => HTMLElement | null}) {
  return (
    <Popover label="Export" icon="download" class="end">
      <Panel within={within} />
    </Popover>
  );
}
