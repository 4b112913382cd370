// Which metric of a tag says whether its explainer looks at the model.
import type {MapTag} from '../api';
import {metricsOf} from './metrics';

/** Compares with maps of random weights. */
export const RANDOMIZATION = 'parameter_randomization';
/** Metrics that judge an explainer, the one that was asked for first: the model at step 0 is a control without asking. */
const JUDGES = [RANDOMIZATION, 'control'];

export const judgeOf = (tag: MapTag): string | undefined => JUDGES.find((name) => name in metricsOf(tag));

/** Whether maps of a tag are compared with those of another model. */
export const hasControl = (tag: MapTag): boolean => judgeOf(tag) !== undefined;
