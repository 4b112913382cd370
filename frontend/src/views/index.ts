import type {ComponentType} from 'preact';
import type {RunData} from '../api';
import type {Severity} from '../store/findings';
import type {IconName} from '../ui/icons';

/**
 * A view of the tab. A new one is a folder with `view.ts`, which exports `view: View` and loads at
 * once, and any component that `load` imports when the view is opened. Nothing else has to change.
 */
export interface View {
  /** Word in the deep link. */
  id: string;
  title: string;
  icon: IconName;
  /** Place in the sidebar. */
  order: number;
  /** Figure beside the title, or `null`. */
  count?: (run: RunData) => number | null;
  /** How bad it is what the figure counts; without it, the figure is plain. */
  alarm?: (run: RunData) => Severity | null;
  /** What the figure counts, in words. */
  says?: string;
  /** Loads the component, which renders a `ViewFrame`. */
  load: () => Promise<{default: ComponentType}>;
}

const modules = import.meta.glob<{view: View}>('./*/view.ts', {eager: true});

/** All views in the order of the sidebar. */
export const views: readonly View[] = Object.values(modules)
  .map(({view}) => view)
  .sort((a, b) => a.order - b.order);
