import type {View} from '..';
import '../../store/attention';
import './state';

export const view: View = {
  id: 'filmstrip',
  title: 'Filmstrip',
  icon: 'filmstrip',
  order: 2,
  load: () => import('./Filmstrip'),
};
