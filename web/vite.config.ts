import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The server puts another one in with each answer.
  html: { cspNonce: '{{nonce}}' },
  // In kB, above the editor, which is loaded where one writes; the first load has a test of its own.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 600 },
  server: { proxy: { '/api': 'http://127.0.0.1:8420' } },
});
