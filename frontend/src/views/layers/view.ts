import type {View} from '..';
import './state';

export const view: View = {
  id: 'layers',
  title: 'Layers',
  icon: 'layers',
  order: 4,
  count: (run) => run.structure?.path.length ?? null,
  load: () => import('./Layers'),
};
