import type {View} from '..';
import {openFindings, worst} from '../../store/findings';
import './state';

export const view: View = {
  id: 'health',
  title: 'Health',
  icon: 'health',
  order: 5,
  count: (run) => openFindings(run).length || null,
  alarm: (run) => worst(openFindings(run)),
  load: () => import('./Health'),
};
