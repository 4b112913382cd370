import type {MapTag, RunData} from '../api';
import {painted} from '../render/ready';
import {Icon} from './icons';
import {part} from './part';

export interface TrustProps {
  run: RunData;
  /** The tags of one explainer. */
  tags: readonly MapTag[];
  /** Shows icon and figure only. */
  short?: boolean;
  /** Step to judge by; where the step stands still where it is left out. */
  at?: number;
}

const badge = part('trust', () => import('./TrustBadge'));

/** Says beside an explainer whether it follows the model or ignores it, once everything in sight is painted. */
export function Trust(props: TrustProps) {
  if (painted.value) badge.need();
  const Badge = badge.now.value?.TrustBadge;
  if (Badge) return <Badge {...props} />;
  return <span class="trust wait"><Icon name="shield" /><span>{'\u00a0'}</span></span>;
}
