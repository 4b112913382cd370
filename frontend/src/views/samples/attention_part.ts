import {part} from '../../ui/part';

/** What only runs with attention need: its pickers, and the query on the picture. */
export const attentionPart = part('attention', () => import('./Attention'));
