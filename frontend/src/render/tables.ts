/** Stops of perceptually uniform maps, dark to bright, and of diverging maps with a neutral middle. */
export const STOPS = {
  inferno: '000004 1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d fcffa4',
  viridis: '440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725',
  cividis: '00204d 00336f 39486b 575d6d 707173 8a8779 a69d75 c4b56c e4cf5b ffea46',
  magma: '000004 180f3d 440f76 721f81 9e2f7f cd4071 f1605d fd9668 feca8d fcfdbf',
  gray: '000000 ffffff',
  RdBu: '0b3d78 2268ad 5aa2d0 a9d0e5 f2f2f0 f8bfa0 ea7f5b cf3a35 8a0a24',
  PuOr: '3a1a70 60469c 9488c0 cbc6e0 f2f2f0 fbd09a e8942f b85c06 7f3b08',
} as const;

export type TableName = keyof typeof STOPS;
export const SEQUENTIAL = ['inferno', 'viridis', 'cividis', 'magma', 'gray'] as const;
export type Sequential = (typeof SEQUENTIAL)[number];
export const DIVERGING = ['RdBu', 'PuOr'] as const;
export type Diverging = (typeof DIVERGING)[number];

export type Rgb = [red: number, green: number, blue: number];

const channels = (hex: string): Rgb => [
  parseInt(hex.slice(0, 2), 16),
  parseInt(hex.slice(2, 4), 16),
  parseInt(hex.slice(4, 6), 16),
];

const tables = Object.fromEntries(
  Object.entries(STOPS).map(([name, stops]) => [name, stops.split(' ').map(channels)]),
) as Record<TableName, Rgb[]>;

/** Colour of a table at `place`, 0 to 1, interpolated between its stops. */
export function colourAt(name: TableName, place: number): Rgb {
  const stops = tables[name];
  const position = Math.min(1, Math.max(0, place)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(position));
  const part = position - index;
  const [low, high] = [stops[index]!, stops[index + 1]!];
  return [0, 1, 2].map((i) => low[i]! + (high[i]! - low[i]!) * part) as Rgb;
}
