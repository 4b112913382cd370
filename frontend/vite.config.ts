import type {Plugin} from 'vite';
import {defineConfig} from 'vitest/config';

/** Vite wraps imports in a loader of style sheets, a kilobyte that has nothing to do here. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
};

export default defineConfig({
  base: './',
  plugins: [plainImports],
  oxc: {jsx: {runtime: 'automatic', importSource: 'preact'}},
  build: {
    outDir: '../tb_explain/dashboard/static',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: 'src/index.ts',
      preserveEntrySignatures: 'exports-only',
      output: {
        // The first view is one file: many small ones compress worse and take turns on their way.
        codeSplitting: {
          groups: [
            // What loads modules stands apart, so that the entry asks for all others at once.
            {name: 'loader', test: /preload-helper/, priority: 1},
            {name: 'first', test: /src\/(start|views\/samples\/Samples)\.tsx$/},
            {name: 'shared', test: /\/src\//, minShareCount: 2},
          ],
        },
        entryFileNames: 'index.js',
        chunkFileNames: 'static/[name]-[hash].js',
        assetFileNames: 'static/[name]-[hash][extname]',
      },
    },
  },
  test: {include: ['test/**/*.test.ts'], environment: 'node'},
});
