import {batch, signal, type Signal} from '@preact/signals';
import {onRelease} from './addresses';
import {bitmap} from './bitmap';

const CONTRAST = 0.66;
const BRIGHTNESS = 0.8;

/** Makes pixels give way to a map above them: grey, flatter and darker. */
export function giveWay(pixels: Uint8ClampedArray): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const grey = 0.2126 * pixels[i]! + 0.7152 * pixels[i + 1]! + 0.0722 * pixels[i + 2]!;
    pixels.fill(((grey - 127.5) * CONTRAST + 127.5) * BRIGHTNESS, i, i + 3);
  }
}

async function bake(address: string): Promise<string> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext('2d', {willReadFrequently: true})!;
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  giveWay(pixels.data);
  const blob = isOpaque(pixels.data) ? bitmap(pixels) : await encoded(context, pixels);
  return blob ? URL.createObjectURL(blob) : address;
}

const isOpaque = (pixels: Uint8ClampedArray): boolean => pixels.every((value, i) => i % 4 < 3 || value === 255);

/** A slow way: browsers encode when they have nothing else to do. */
function encoded(context: CanvasRenderingContext2D, pixels: ImageData): Promise<Blob | null> {
  context.putImageData(pixels, 0, 0);
  return new Promise((done) => context.canvas.toBlob(done));
}

const baked = new Map<string, Signal<string | null>>();

onRelease((address) => {
  const grey = baked.get(address)?.peek();
  baked.delete(address);
  if (grey && grey !== address) URL.revokeObjectURL(grey);
});

let asked: string[] = [];

/** Pictures that are asked for in one turn come in one. */
async function bakeAsked(): Promise<void> {
  const addresses = asked;
  asked = [];
  const made = await Promise.all(addresses.map((address) => bake(address).catch(() => address)));
  batch(() => addresses.forEach((address, i) => (baked.get(address) ?? signal('')).value = made[i]!));
}

/**
 * Address of the grey variant of a picture; `null` while it is made. Subscribes the caller.
 *
 * A CSS filter would be computed again for every map that is painted above it.
 */
export function greyOf(address: string): string | null {
  let state = baked.get(address);
  if (!state) {
    state = signal<string | null>(null);
    baked.set(address, state);
    if (!asked.length) queueMicrotask(() => void bakeAsked());
    asked.push(address);
  }
  return state.value;
}
