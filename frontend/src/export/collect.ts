// The cells in sight of a view, and what is known about them.
import type {MapTag, RunData} from '../api';
import {headAt} from '../store/attention';
import {className, predictionsOf, sampleName} from '../store/predictions';
import {shown} from '../store/runs';
import {mapTag} from '../store/selection';
import {step, stepName, stepText} from '../store/time';
import {probability} from '../ui/format';
import {choiceWords} from '../views/samples/attention_words';
import type {Fact, Facts, Placed} from './arrange';

export interface Piece extends Placed {
  cell: HTMLElement;
  canvas: HTMLCanvasElement | null;
  /** The map that it shows, if it is one as it was recorded. */
  map: {run: RunData; tag: MapTag; index: number; step: number; top: number} | null;
}

function isInSight(box: DOMRect, frame: DOMRect): boolean {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return box.width > 0 && x > frame.left && x < frame.right && y > frame.top && y < frame.bottom;
}

const fact = (id: string, ...lines: (string | null | undefined | false)[]): Fact => ({id, lines: lines.filter((line): line is string => Boolean(line))});

/** What the model said about a sample at a step. */
function predictionWords(run: RunData, sample: number, at: number): string {
  const known = predictionsOf(run);
  const record = known?.status === 'ready' ? known.value.recordAt(at) : -1;
  if (known?.status !== 'ready' || record < 0) return '';
  const {predicted, probability: sure} = known.value.outcome(record, sample);
  if (predicted === null) return '';
  return `predicted: ${className(run, predicted)}${sure === null ? '' : ` ${probability(sure)}`}`;
}

function sampleFacts(run: RunData, sample: number, at: number): Facts {
  const label = run.samples?.labels[sample] ?? null;
  const name = sampleName(run, sample);
  const labelName = label === null ? '' : className(run, label);
  const outcome = predictionWords(run, sample, at);
  return {
    sample: fact(String(sample), name, labelName !== name && labelName),
    ...(outcome && {outcome: fact(`${run.run} ${sample} ${outcome}`, outcome)}),
  };
}

function mapFact(tag: MapTag, index: number, letter: string): Fact {
  const {title, layer, target} = tag.facts;
  const name = `${letter && `${letter}: `}${title}`;
  return fact(`${letter}${tag.tag}`, name, layer ?? 'input', target && `target: ${target}`, tag.kind === 'attention' && choiceWords(tag, headAt(tag, index)));
}

const stepFact = (at: number): Fact => fact(String(at), `${stepName.peek()} ${stepText(at)}`);

function ofMap(cell: HTMLElement, {run, tag, index}: {run: RunData; tag: MapTag; index: number}): Facts {
  const at = Number(cell.dataset.at ?? step.peek());
  const sample = tag.columns.sample[index] ?? null;
  const channel = tag.columns.channel[index] ?? null;
  const side = /\bside-([ab])\b/.exec(cell.className)?.[1]?.toUpperCase() ?? '';
  const isOfChannel = channel !== null && tag.kind !== 'attention';
  return {
    run: fact(run.run, run.run),
    map: mapFact(tag, index, side),
    step: stepFact(at),
    ...(sample !== null && sampleFacts(run, sample, at)),
    ...(isOfChannel && {channel: fact(String(channel), `${tag.kind === 'filter' ? 'filter' : 'channel'} ${channel}`)}),
  };
}

/** A cell that shows no recorded map: a picture, a difference, or words. */
function ofOther(cell: HTMLElement): Facts {
  const run = shown.peek();
  const name = (cell.getAttribute('aria-label') ?? '').split(/[:]/)[0]!;
  const isInput = name.startsWith('Input') || name.startsWith('Picture');
  const at = cell.closest<HTMLElement>('[data-sample]')?.dataset.sample;
  return {
    ...(run && isInput && {run: fact(run.run, run.run)}),
    map: isInput ? fact('input', 'Input') : fact(name, name),
    ...(run && at !== undefined && {sample: sampleFacts(run, Number(at), step.peek()).sample!}),
  };
}

function pieceOf(cell: HTMLElement): Piece {
  const {run, tag, map} = cell.dataset;
  const canvas = cell.querySelector('canvas');
  const found = run !== undefined && tag !== undefined && map !== undefined ? mapTag(run, tag) : null;
  const box = cell.getBoundingClientRect();
  if (!found || !canvas) return {cell, canvas, box, facts: ofOther(cell), map: null};
  const subject = {...found, index: Number(map)};
  const painted = canvas.dataset.painted;
  const drawn = painted === undefined ? null : {...subject, step: Number(painted), top: Number(canvas.dataset.top)};
  return {cell, canvas, box, facts: ofMap(cell, subject), map: drawn};
}

/** What holds cells that belong together. */
const SECTIONS = '[role=grid], [role=treegrid], [role=tree], [role=list], ul, table, section, .trio, .stacked, .big';

/** Cells by what holds them, in the order of the page. */
export function sectionsOf(pieces: readonly Piece[]): Piece[][] {
  const sections = new Map<Element | null, Piece[]>();
  for (const piece of pieces) {
    const holder = piece.cell.closest(SECTIONS);
    sections.set(holder, [...(sections.get(holder) ?? []), piece]);
  }
  return [...sections.values()];
}

/** All cells of a part of the page whose middle can be seen. */
export function collect(within: HTMLElement): Piece[] {
  const frame = within.getBoundingClientRect();
  const cells = [...within.querySelectorAll<HTMLElement>('.cell')];
  return cells.filter((cell) => isInSight(cell.getBoundingClientRect(), frame)).map(pieceOf);
}

/** What the server is asked for: the maps in sight, together per record. */
export interface Choice {
  run: string;
  tag: string;
  step: number;
  maps: number[];
}

export function choiceOf(pieces: readonly Piece[]): Choice[] {
  const chosen = new Map<string, Choice>();
  for (const {map} of pieces) {
    if (!map) continue;
    const key = [map.run.run, map.tag.tag, map.step].join('\n');
    const entry = chosen.get(key) ?? {run: map.run.run, tag: map.tag.tag, step: map.step, maps: []};
    if (!entry.maps.includes(map.index)) entry.maps.push(map.index);
    chosen.set(key, entry);
  }
  for (const {maps} of chosen.values()) maps.sort((a, b) => a - b);
  return [...chosen.values()];
}
