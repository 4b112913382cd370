import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
// @ts-expect-error The script is plain JavaScript.
import {headerTypes} from '../scripts/types.mjs';

test('the types of record headers are those of the schema; if not, run `npm run types`', async () => {
  const written = readFileSync(new URL('../src/records/headers.ts', import.meta.url), 'utf8');
  expect(written).toBe(await headerTypes());
});
