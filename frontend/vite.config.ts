import {defineConfig} from 'vitest/config';

/** Stays a file of its own: the addresses of the server are found by where it lies. */
const ENTRY = /src\/index\.tsx$/;
/** Modules of the first paint: the tab itself and the view that it opens with. */
const START = /src\/(index|views\/samples\/Samples)\.tsx$/;

type ModuleInfo = {importers: readonly string[]} | null;

/** Whether a module is imported, over whatever others, by one of the first paint. */
function isFirst(id: string, infoOf: (id: string) => ModuleInfo, seen = new Set<string>()): boolean {
  if (START.test(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return (infoOf(id)?.importers ?? []).some((importer) => isFirst(importer, infoOf, seen));
}

export default defineConfig({
  base: './',
  oxc: {jsx: {runtime: 'automatic', importSource: 'preact'}},
  build: {
    outDir: '../tb_explain/dashboard/static',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: 'src/index.tsx',
      preserveEntrySignatures: 'exports-only',
      output: {
        // The first view is one file: many small ones compress worse and take turns on their way.
        codeSplitting: {groups: [{name: 'first', test: /src\/(App|views\/samples\/Samples)\.tsx$/}]},
        entryFileNames: 'index.js',
        chunkFileNames: 'static/[name]-[hash].js',
        assetFileNames: 'static/[name]-[hash][extname]',
        // What several views share comes at once, not as dozens of small files.
        advancedChunks: {
          groups: [
            {name: (id, context) => (!ENTRY.test(id) && isFirst(id, (one) => context.getModuleInfo(one)) ? 'first' : null)},
            {name: 'shared', test: /\/src\//, minShareCount: 2},
          ],
        },
      },
    },
  },
  test: {include: ['test/**/*.test.ts'], environment: 'node'},
});
