/** Numbers on a grid, row-major; each stands for the middle of its place. */
export interface Field {
  values: Float32Array;
  width: number;
  height: number;
}

/** Side of the square in which outlines are drawn. */
export const SIDE = 4000;
/** Closed outlines around less than a thousandth of the picture are specks that hide what matters. */
const SPECK = SIDE ** 2 / 1000;

let scratch = new Float32Array(0);

/** The number at place `rank` of the numbers in ascending order; they change places. */
function select(numbers: Float32Array, length: number, rank: number): number {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const pivot = numbers[(low + high) >> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (numbers[left]! < pivot) left++;
      while (numbers[right]! > pivot) right--;
      if (left > right) break;
      const kept = numbers[left]!;
      numbers[left++] = numbers[right]!;
      numbers[right--] = kept;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return numbers[rank]!;
  }
  return numbers[rank]!;
}

/**
 * The level above which `share` of the places of a field lie; `null` where it has no shape.
 *
 * Where more places than that hold the largest number, they all lie above the level.
 */
export function levelOfTop({values}: Field, share: number): number | null {
  const {length} = values;
  if (!length) return null;
  if (scratch.length < length) scratch = new Float32Array(length);
  scratch.set(values);
  const most = select(scratch, length, length - 1);
  const level = select(scratch, length, Math.min(length - 1, Math.max(0, Math.floor(length * (1 - share)) - 1)));
  if (level < most) return level;
  let below = -Infinity;
  for (const value of values) if (value < most && value > below) below = value;
  return below === -Infinity ? null : below;
}

/** Which sides of a square an outline enters and leaves, by the corners above the level. */
const [TOP, RIGHT, BOTTOM, LEFT] = [0, 1, 2, 3] as const;
/** Corners count 8, 4, 2, 1 from the upper left one with the sun; the inside is at the left of the way. */
const WAYS: readonly (readonly number[])[] = [
  [], [BOTTOM, LEFT], [RIGHT, BOTTOM], [RIGHT, LEFT],
  [TOP, RIGHT], [], [TOP, BOTTOM], [TOP, LEFT],
  [LEFT, TOP], [BOTTOM, TOP], [], [RIGHT, TOP],
  [LEFT, RIGHT], [BOTTOM, RIGHT], [LEFT, BOTTOM], [],
];
/** Squares of which two opposite corners lie above; first where the middle does so too. */
const SADDLES: Readonly<Record<number, readonly [readonly number[], readonly number[]]>> = {
  5: [[TOP, LEFT, BOTTOM, RIGHT], [TOP, RIGHT, BOTTOM, LEFT]],
  10: [[RIGHT, TOP, LEFT, BOTTOM], [LEFT, TOP, RIGHT, BOTTOM]],
};

type Point = readonly [x: number, y: number];

const written = (points: readonly Point[]): string => points.map(([x, y]) => `${x} ${y}`).join('L');

function area(points: readonly Point[]): number {
  let sum = 0;
  let [fromX, fromY] = points.at(-1)!;
  for (const [x, y] of points) {
    sum += (fromX * y - x * fromY) / 2;
    [fromX, fromY] = [x, y];
  }
  return sum;
}

/** A field with a margin that repeats its border, so that outlines reach the border. */
class Grid {
  readonly width: number;
  readonly height: number;
  private readonly next: Int32Array;
  private readonly follows: Uint8Array;
  private readonly begins: number[] = [];

  constructor(private readonly field: Field, private readonly level: number) {
    this.width = field.width + 2;
    this.height = field.height + 2;
    this.next = new Int32Array(2 * this.width * this.height).fill(-1);
    this.follows = new Uint8Array(this.next.length);
  }

  private at(x: number, y: number): number {
    const {values, width, height} = this.field;
    const col = x < 1 ? 0 : x > width ? width - 1 : x - 1;
    const row = y < 1 ? 0 : y > height ? height - 1 : y - 1;
    return values[row * width + col]!;
  }

  /** Number of a side of a square: the upper one of all squares, then the left one of all. */
  private side(x: number, y: number, side: number): number {
    if (side === TOP) return y * this.width + x;
    if (side === BOTTOM) return (y + 1) * this.width + x;
    return this.width * this.height + y * this.width + x + (side === RIGHT ? 1 : 0);
  }

  private ways(x: number, y: number): readonly number[] {
    const [a, b, c, d] = [this.at(x, y), this.at(x + 1, y), this.at(x + 1, y + 1), this.at(x, y + 1)];
    const {level} = this;
    const corners = (a > level ? 8 : 0) + (b > level ? 4 : 0) + (c > level ? 2 : 0) + (d > level ? 1 : 0);
    const saddle = SADDLES[corners];
    return saddle ? saddle[(a + b + c + d) / 4 > level ? 0 : 1] : WAYS[corners]!;
  }

  /** Walks through all squares and links the sides that an outline crosses. */
  link(): void {
    for (let y = 0; y < this.height - 1; y++) {
      for (let x = 0; x < this.width - 1; x++) {
        const ways = this.ways(x, y);
        for (let i = 0; i < ways.length; i += 2) {
          const from = this.side(x, y, ways[i]!);
          const to = this.side(x, y, ways[i + 1]!);
          this.next[from] = to;
          this.follows[to] = 1;
          this.begins.push(from);
        }
      }
    }
  }

  private place(x: number, cells: number): number {
    return x === 0 ? 0 : x === cells + 1 ? SIDE : ((x - 0.5) / cells) * SIDE;
  }

  /** Where an outline crosses a side. */
  private crossing(side: number): Point {
    const {width, height} = this.field;
    const sides = this.width * this.height;
    const isAcross = side < sides;
    const index = isAcross ? side : side - sides;
    const [x, y] = [index % this.width, Math.floor(index / this.width)];
    const first = this.at(x, y);
    const second = isAcross ? this.at(x + 1, y) : this.at(x, y + 1);
    const part = (this.level - first) / (second - first);
    const between = (low: number, high: number) => Math.round(low + (high - low) * part);
    if (isAcross) return [between(this.place(x, width), this.place(x + 1, width)), Math.round(this.place(y, height))];
    return [Math.round(this.place(x, width)), between(this.place(y, height), this.place(y + 1, height))];
  }

  private trace(start: number): string {
    const points: Point[] = [];
    let at = start;
    while (at >= 0) {
      points.push(this.crossing(at));
      const next = this.next[at]!;
      this.next[at] = -1;
      at = next;
      if (at === start) return Math.abs(area(points)) < SPECK ? '' : `M${written(points)}Z`;
    }
    return `M${written(points)}`;
  }

  /** Open outlines begin at the border; what is left then is closed. */
  path(): string {
    const open = this.begins.filter((side) => !this.follows[side]).map((side) => this.trace(side));
    const closed = this.begins.filter((side) => this.next[side]! >= 0);
    return [...open, ...closed.map((side) => (this.next[side]! >= 0 ? this.trace(side) : ''))].join('');
  }
}

/** Outline of where a field lies above a level, as SVG path data in a square of `SIDE`. */
export function contourPath(field: Field, level: number): string {
  const grid = new Grid(field, level);
  grid.link();
  return grid.path();
}

/** The same along the borders of the cells, for maps that are shown as cells. */
export function cellsPath({values, width, height}: Field, level: number): string {
  const inside = (x: number, y: number) => values[y * width + x]! > level;
  const [wide, high] = [SIDE / width, SIDE / height];
  let path = '';
  for (let y = 1; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (inside(x, y) !== inside(x, y - 1)) path += `M${Math.round(x * wide)} ${Math.round(y * high)}H${Math.round((x + 1) * wide)}`;
    }
  }
  for (let x = 1; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (inside(x, y) !== inside(x - 1, y)) path += `M${Math.round(x * wide)} ${Math.round(y * high)}V${Math.round((y + 1) * high)}`;
    }
  }
  return path;
}
