import type {View} from '..';
import '../../store/attention';
import '../../store/selection';
import './state';

export const view: View = {
  id: 'compare',
  title: 'Compare',
  icon: 'compare',
  order: 3,
  load: () => import('./Compare'),
};
