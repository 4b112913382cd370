import {defineConfig} from 'vitest/config';

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
        codeSplitting: {
          groups: [
            {name: 'first', test: /src\/(App|ui\/keys|views\/samples\/Samples)\.tsx?$/},
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
