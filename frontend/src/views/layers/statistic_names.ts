/** Statistics of layers in the order of menus; on their own, since the deep link holds one before the view is opened. */
export const STATISTIC_NAMES = ['change', 'norm', 'mean', 'std', 'dead', 'sparsity', 'saturation',
  'cka', 'cka_first', 'filter_drift', 'filter_drift_max', 'filter_drift_first', 'filter_drift_first_max'] as const;
export type StatisticName = (typeof STATISTIC_NAMES)[number];
