import {valueAt, type StoredMap} from '../records/maps';

const DOWN = ['upper', 'middle', 'lower'];
const ACROSS = ['left', 'centre', 'right'];

/** Place of the largest |value| and how the mass is spread, in words, for who cannot see the map. */
export function describe(map: StoredMap): string {
  const strengths = Array.from({length: map.rows * map.cols}, (_, i) =>
    Math.abs(valueAt(map, Math.floor(i / map.cols), i % map.cols)),
  );
  const total = strengths.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 'all zero';
  const peak = strengths.indexOf(Math.max(...strengths));
  return `peak ${placeInWords(peak, map)}, half of the mass on ${Math.round(half(strengths, total) * 100)} % of the picture`;
}

function placeInWords(index: number, {rows, cols}: StoredMap): string {
  const down = DOWN[Math.floor((Math.floor(index / cols) / rows) * 3)]!;
  const across = ACROSS[Math.floor(((index % cols) / cols) * 3)]!;
  return down === 'middle' && across === 'centre' ? 'centre' : `${down} ${across}`;
}

/** Share of the cells that is needed to hold half of the mass. */
function half(strengths: number[], total: number): number {
  const sorted = Float64Array.from(strengths).sort();
  let sum = 0;
  for (let i = sorted.length - 1; i >= 0; i--) {
    sum += sorted[i]!;
    if (sum >= total / 2) return (sorted.length - i) / sorted.length;
  }
  return 1;
}
