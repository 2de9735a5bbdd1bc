// Installs Debian's Chromium for the browser tests and for the pictures of the live page, unless there is one.
//
//   npm run browser:install
import { execFileSync } from 'node:child_process';
import { findChromium } from './browser/chromium.js';

const found = findChromium();
if (found === undefined) {
  install();
  console.log(`installed: ${findChromium()}`);
} else {
  console.log(`there already: ${found}`);
}

function install() {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  const run = (...words) => {
    const [command, ...args] = [...asRoot, 'apt-get', ...words];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  };
  run('update');
  // Without a font, text has no width.
  run('install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
}
