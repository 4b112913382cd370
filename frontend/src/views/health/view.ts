import type {View} from '..';
import {worst} from '../../store/findings';
import {openNow} from './moment';
import './state';

export const view: View = {
  id: 'health',
  title: 'Health',
  icon: 'health',
  order: 5,
  count: () => openNow.value.length || null,
  alarm: () => worst(openNow.value),
  says: 'findings of the chosen runs, at the record that is shown',
  load: () => import('./Health'),
};
