import type {View} from '..';
import '../../store/attention';
import './state';

export const view: View = {
  id: 'samples',
  title: 'Samples',
  icon: 'samples',
  order: 1,
  count: (run) => run.samples?.count ?? null,
  load: () => import('./Samples'),
};
