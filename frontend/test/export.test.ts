import {expect, test} from 'vitest';
import {arrange, rowsOf, type Facts, type Placed} from '../src/export/arrange';
import {directoryOf, plain, pythonText, snippetOf} from '../src/export/files';
import {coloursOf, endsOf, endText} from '../src/export/legends';
import {wrap} from '../src/export/wrap';

const fact = (id: string) => ({id, lines: [`${id}!`]});

function cell(x: number, y: number, facts: Record<string, string>, size = 10): Placed {
  const made = Object.fromEntries(Object.entries(facts).map(([name, id]) => [name, fact(id)])) as Facts;
  return {box: {x, y, width: size, height: size}, facts: made};
}

test('rows go from top to bottom and their cells from left to right', () => {
  const [a, b, c, d] = [cell(20, 0, {}), cell(0, 2, {}), cell(0, 30, {}), cell(15, 31, {})];
  expect(rowsOf([d!, a!, c!, b!])).toEqual([[b, a], [c, d]]);
});

test('what is shared is said once', () => {
  const table = arrange([
    cell(0, 0, {run: 'r', map: 'cam', sample: '1', step: '5'}), cell(20, 0, {run: 'r', map: 'ig', sample: '1', step: '5'}),
    cell(0, 20, {run: 'r', map: 'cam', sample: '2', step: '5'}), cell(20, 20, {run: 'r', map: 'ig', sample: '2', step: '5'}),
  ]);
  expect(table.shared).toEqual(['r!', '5!']);
  expect(table.columnHeads).toEqual([['cam!'], ['ig!']]);
  expect(table.rowHeads).toEqual([['1!'], ['2!']]);
  expect([...table.captions.values()]).toEqual([[], [], [], []]);
});

test('a film has explainers beside it and steps above', () => {
  const table = arrange(['a', 'b'].flatMap((map, y) => ['0', '4', '8'].map((step, x) => cell(x * 20, y * 20, {map, step, sample: '3'}))));
  expect(table.shared).toEqual(['3!']);
  expect(table.columnHeads).toEqual([['0!'], ['4!'], ['8!']]);
  expect(table.rowHeads).toEqual([['a!'], ['b!']]);
});

test('what neither rows nor columns share stands below each cell', () => {
  const table = arrange([cell(0, 0, {channel: '3'}), cell(20, 0, {channel: '1'}), cell(0, 20, {channel: '7'})]);
  expect([...table.captions.values()]).toEqual([['3!'], ['1!'], ['7!']]);
  expect(table.columnHeads).toEqual([[], []]);
});

test('a picture without a step agrees with maps of any', () => {
  const table = arrange([cell(0, 0, {map: 'input', sample: '1'}), cell(20, 0, {map: 'cam', sample: '1', step: '5'})]);
  expect(table.shared).toEqual(['5!', '1!']);
});

test('nothing makes an empty table', () => {
  expect(arrange([])).toMatchObject({rows: [], shared: [], columnHeads: []});
});

test.each([
  ['resnet/aug=none/lr=2e-3', 'resnet_aug=none_lr=2e-3'],
  ['../../etc/passwd', 'etc_passwd'],
  ['<img src=x onerror=alert(1)>', 'img_src=x_onerror=alert_1'],
  ['CON\u0000:\n"', 'CON'],
  ['猫/🐈', '猫'],
  ['...', 'maps'],
  ['x'.repeat(500), 'x'.repeat(80)],
])('the run %j gives the file name %j', (run, name) => {
  expect(plain(run)).toBe(name);
});

test('code holds names as Python reads them', () => {
  expect(pythonText('a"b\\c\n\u2028é')).toBe('"a\\"b\\\\c\\n\\u2028\\u00e9"');
  expect(directoryOf('/logs/', 'a/explain')).toBe('/logs/a/explain');
  expect(directoryOf('/logs', '.')).toBe('/logs');
  expect(snippetOf([{run: 'r', tag: 'CAM/conv/label', step: 24, maps: [0, 3]}], '/logs')).toBe(
    'import tb_explain as tbx\n\nrun = tbx.load("/logs/r")\nrun["CAM/conv/label"][24].values[[0, 3]]',
  );
});

test('several runs have names of their own', () => {
  const code = snippetOf([{run: 'a', tag: 't', step: 1, maps: [0]}, {run: 'b', tag: 't', step: 1, maps: [0]}], '/l');
  expect(code).toContain('run_1 = tbx.load("/l/a")');
  expect(code).toContain('run_2["t"][1]');
});

test('the ends of a legend are those that are painted', () => {
  expect(endText([0.71, 0.71])).toBe('.71');
  expect(endText([0.13, 0.042])).toBe('.042–.13');
  expect(endsOf([2], false, 'shared')).toEqual(['0', 'p99 2']);
  expect(endsOf([2], true, 'map')).toEqual(['\u22122', '0', 'max +2']);
  expect(endsOf([1, 2], true, 'column')).toEqual(['', 'p99 ±1–2']);
  expect(coloursOf('linear-gradient(90deg,rgb(1 2 3),rgb(4 5 6))')).toEqual(['rgb(1 2 3)', 'rgb(4 5 6)']);
});

const measure = (text: string) => text.length;

test('text is wrapped at words, and long words are cut', () => {
  expect(wrap('seven with crossbar', 11, measure)).toEqual(['seven with', 'crossbar']);
  expect(wrap('abcdefghij', 4, measure)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrap('a b c d e f', 1, measure, 3)).toEqual(['a', 'b', '…']);
  expect(wrap('', 5, measure)).toEqual([]);
});
