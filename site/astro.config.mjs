// Builds the static half of the site. Every option here serves one promise: a page works without
// script, and nothing in it needs an inline script or style (script-src 'self'; style-src 'self').
import { defineConfig } from 'astro/config';
import { filesOfSealing } from './files-of-sealing.mjs';

export default defineConfig({
  output: 'static',
  trailingSlash: 'always',
  build: { format: 'directory', inlineStylesheets: 'never' },
  devToolbar: { enabled: false },
  vite: { build: { assetsInlineLimit: 0 }, plugins: [filesOfSealing()] },
});
