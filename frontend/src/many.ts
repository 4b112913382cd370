// Many requests of one turn as one: the answer holds theirs back to back.
import type {Asked} from './api';
import {decodeBlock} from './block';

interface Fetching {
  get(route: string, query: Record<string, string>): Promise<Response>;
  alone(asked: Omit<Asked, 'done'>): Promise<ArrayBuffer>;
}

type Entry = {offset: number; bytes: number} | {code: number; problem: string};

/** Requests that travel together; what is wanted first is not kept waiting by all others. */
const MOST = 16;

async function askSome(some: readonly Asked[], {get, alone}: Fetching): Promise<void> {
  const asks = JSON.stringify(some.map(({route, query}) => ({of: route, ...query})));
  try {
    const {header, body} = decodeBlock<{answers: Entry[]}>(await (await get('many', {asks})).arrayBuffer());
    some.forEach((one, i) => {
      const entry = header.answers[i];
      // What did not fit, or failed, says why when it is asked for alone.
      one.done(entry && 'bytes' in entry ? body.slice(entry.offset, entry.offset + entry.bytes).buffer : alone(one));
    });
  } catch {
    for (const one of some) one.done(alone(one));
  }
}

/** Asks for all of them, a number at a time. */
export function askTogether(all: readonly Asked[], fetching: Fetching): void {
  for (let first = 0; first < all.length; first += MOST) void askSome(all.slice(first, first + MOST), fetching);
}
