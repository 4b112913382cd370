import {signal, type Signal} from '@preact/signals';
import {onRelease} from './addresses';
import type {Field} from './contour';

async function read(address: string): Promise<Field> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  const {naturalWidth: width, naturalHeight: height} = image;
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', {willReadFrequently: true})!;
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, width, height);
  return {values: Float32Array.from({length: width * height}, (_, i) => data[4 * i]! / 255), width, height};
}

const decoded = new Map<string, Signal<Field | null | undefined>>();

onRelease((address) => void decoded.delete(address));

/** Where a mask lies, 0 to 1; `null` while it is decoded, nothing if that fails. Subscribes the caller. */
export function maskField(address: string): Field | null | undefined {
  let state = decoded.get(address);
  if (!state) {
    state = signal<Field | null | undefined>(null);
    const made = state;
    decoded.set(address, state);
    void read(address).then((field) => (made.value = field), () => (made.value = undefined));
  }
  return state.value;
}
