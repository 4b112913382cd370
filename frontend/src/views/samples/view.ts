import type {View} from '..';

export const view: View = {
  id: 'samples',
  title: 'Samples',
  icon: 'samples',
  order: 1,
  count: (run) => run.samples?.count ?? null,
  load: () => import('./Samples'),
};
