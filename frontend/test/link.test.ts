import {afterEach, expect, test} from 'vitest';
import {applyLink, linkKeys, linkState} from '../src/store/link';
import '../src/store/selection';
import '../src/store/attention';
import '../src/store/time';
import '../src/store/view';
import '../src/views';

afterEach(() => applyLink({}));

test('every key of the link belongs to one setting', () => {
  const keys = linkKeys();
  expect(keys.length).toBeGreaterThan(45);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

test('keys are words that a link holds as they are', () => {
  expect(linkKeys().filter((key) => !/^[a-z]+$/.test(key))).toEqual([]);
});

/** A value for each key that is not its usual one, as somebody might have left it. */
const STATE: Record<string, string> = {
  view: 'layers', sample: '3', map: 'viridis', signed: 'PuOr', opacity: '0.4', veil: 'even', threshold: '0.3', cells: '1',
  contour: 'scale45', masks: '1', scale: 'column', hide: 'a%2Cb,c', size: '160', step: '7', follow: '0', axis: 'time', speed: '2',
  run: 'a/b', runs: 'a%2Fb,c', cell: '3.mean@GradCAM/conv@4/label', cellrun: 'b', face: 'map', outlined: '0', pins: 'abc,def',
  a: '7@a%2Fb@GradCAM%2Fconv', b: '@c@IG', find: 'se ven&=%', outcome: 'wrong', class: '2', sort: 'name', target: 'label',
  layer: 'conv/1', pane: 'filters', channel: '5',
};

test('a state survives its link', () => {
  applyLink(STATE);
  expect(linkState()).toEqual(STATE);
  applyLink({});
  expect(linkState()).toEqual({});
});

const HOSTILE = [
  '', ' ', '0', '-1', '1.5', '1e999', '-0', 'NaN', 'Infinity', 'null', 'undefined', '__proto__', 'constructor', '%', '%E0%A4%A', '@', '@@@', ',,,',
  '../../etc/passwd', '<img src=x onerror=alert(1)>', '\u0000', '\ud800', 'x'.repeat(10_000), '[object Object]', '9007199254740993', 'top', 'share0', 'share100',
];

test.each(HOSTILE)('no key breaks on %j', (hostile) => {
  for (const key of linkKeys()) {
    applyLink({[key]: hostile});
    const once = linkState();
    applyLink(once);
    expect(linkState()).toEqual(once);
  }
});

test('numbers of samples, classes and steps are whole', () => {
  for (const key of ['sample', 'class', 'channel', 'step']) {
    for (const hostile of ['1.5', '-3', '1e999', 'NaN']) {
      applyLink({[key]: hostile});
      expect(linkState()).toEqual({});
    }
  }
});

test('what a newer tab wrote is left alone', () => {
  applyLink({...STATE, unheard: 'of'});
  expect(linkState()).toEqual(STATE);
});
