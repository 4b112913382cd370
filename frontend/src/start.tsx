import {effect} from '@preact/signals';
import {render as mount} from 'preact';
import {serveFrom} from './api';
import {App} from './App';
import {connectHost, dark, takeKeyboard, visible} from './host';
import {watchPlay} from './scrubber/player';
import {followLink} from './store/link';
import {watchServer} from './store/live';
import {watchTaps} from './store/pointer';
import {watchRest} from './store/rest';
import {followSettings} from './store/view';
import base from './style/base.css?inline';
import cell from './style/cell.css?inline';
import controls from './style/controls.css?inline';
import frame from './style/frame.css?inline';
import scrubber from './style/scrubber.css?inline';
import states from './style/states.css?inline';
import tokens from './style/tokens.css?inline';
import {listenToKeys} from './ui/keys';
import {watchMissing} from './ui/missing_part';
import {watchOutlines} from './ui/outlines';
import {addStyle} from './ui/style';
import {views} from './views';

const FONTS = [
  ['Roboto', '400', 'oMMgfZMQthOryQo9n22dcuvvDin1pK8aKteLpeZ5c0A.woff2'],
  ['Roboto', '500', 'RxZJdnzeo3R5zSexge8UUZBw1xU1rKptJj_0jans920.woff2'],
  ['Roboto Mono', '400', 'hMqPNLsu_dywMa4C_DEpY4gp9Q8gbYrhqGlRav_IXfk.woff2'],
] as const;

/** Uses TensorBoard's own fonts; without them the system's stay. */
function loadFonts(): void {
  for (const [family, weight, file] of FONTS) {
    const address = new URL(`../../../font-roboto/${file}`, document.baseURI);
    const face = new FontFace(family, `url(${address.href})`, {weight, display: 'swap'});
    void face.load().then((font) => document.fonts.add(font), () => undefined);
  }
}

function prepareDocument(): HTMLElement {
  document.documentElement.lang = 'en';
  document.title = 'Explain';
  [tokens, base, frame, controls, cell, scrubber, states].forEach(addStyle);
  loadFonts();
  const root = document.createElement('div');
  root.id = 'root';
  document.body.append(root);
  return root;
}

/**
 * Builds the tab in the frame that TensorBoard made for it.
 *
 * @param entry Address of the entry module.
 * @param runs The answer of `api/runs`, which was asked for while this module was on its way.
 */
export function start(entry: string, runs: Promise<Response>): void {
  serveFrom(entry, runs);
  connectHost();
  const root = prepareDocument();
  effect(() => {
    document.documentElement.classList.toggle('dark', dark.value);
  });
  followSettings();
  followLink();
  watchRest();
  watchPlay();
  watchOutlines();
  watchMissing();
  watchTaps();
  watchServer();
  listenToKeys(views.map(({id}) => id));
  mount(<App />, root);
  effect(() => {
    if (visible.value) takeKeyboard();
  });
}
