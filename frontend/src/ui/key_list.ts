// All keys, as the help shows them.

export interface Key {
  /** As it is shown. */
  keys: string[];
  /** Others that do the same. */
  or?: string[];
  words: string;
}

export const KEYS: readonly Key[] = [
  {keys: ['←', '→'], words: 'Previous, next record; Shift moves by 10'},
  {keys: ['Home', 'End'], words: 'First, latest record'},
  {keys: ['Space'], words: 'Play or pause'},
  {keys: ['F'], words: 'Follow latest'},
  {keys: ['1', '–', '5'], words: 'View'},
  {keys: ['[', ']'], or: [',', '.'], words: 'Previous, next sample'},
  {keys: ['{', '}'], or: ['Shift E', 'E'], words: 'Previous, next explainer in the inspector'},
  {keys: ['↑', '↓', '←', '→'], words: 'Between cells, once a cell has the focus'},
  {keys: ['Shift', '→'], words: 'On a picture: from where attention looks'},
  {keys: ['Enter'], words: 'Open the inspector for a cell'},
  {keys: ['P'], words: 'Pin or unpin the sample'},
  {keys: ['A', 'B'], words: 'Send a cell to Compare'},
  {keys: ['X'], words: 'Swap A and B'},
  {keys: ['+', '−'], words: 'Larger, smaller cells'},
  {keys: ['S'], words: 'Smooth or cells'},
  {keys: ['C'], words: 'Outline of the strongest places'},
  {keys: ['M'], words: 'Outline of the object, from its mask'},
  {keys: ['V'], words: 'Value at the strongest place of a cell'},
  {keys: ['O'], words: 'Hide the maps while held'},
  {keys: ['/'], words: 'Filter'},
  {keys: ['L'], words: 'Copy link'},
  {keys: ['?'], words: 'This list'},
  {keys: ['Esc'], words: 'Close'},
];
