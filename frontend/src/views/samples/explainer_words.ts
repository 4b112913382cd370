// What stands beside the name of an explainer: how its maps were made.
import type {MapTag, RunData} from '../../api';
import {textFact} from '../../records/facts';
import {recordedEvery} from '../../store/steps';
import {stepText} from '../../store/time';
import {layerName} from './attention_words';

/** Size of the maps as they were computed, and as they are stored: `64 × 64, stored as 56 × 56`. */
export function mapWords({facts: {native, shape}}: MapTag): string {
  const stored = native[0] > shape[0] ? `, stored as ${shape[0]} × ${shape[1]}` : '';
  return `${native.join(' × ')}${stored}`;
}

/** The layer, and why this one. */
export function layerWords(tag: MapTag): string {
  const reason = textFact(tag.facts, 'reason');
  return `${layerName(tag)}${reason ? ` (${reason})` : ''}`;
}

export function settingsWords({facts}: MapTag): string {
  const settings = Object.entries(facts.settings).filter(([name]) => name !== 'layer');
  return settings.map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ');
}

/** `every 5 epochs`, or empty where each record has maps. */
export function intervalWords(run: RunData, tag: MapTag): string {
  const every = recordedEvery(run, tag);
  return every === null ? '' : `every ${stepText(every)} ${run.axis === 'batch' ? 'steps' : 'epochs'}`;
}
