// The Chromium that the tests and pictures of the live page use: the system's. The contract is in chromium.d.ts.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

export function findChromium(environment = process.env) {
  const { CHROMIUM, PATH = '' } = environment;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const paths = CHROMIUM ? [CHROMIUM] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable);
}

export function launchChromium() {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('there is no Chromium; install it: npm run browser:install');
  // Its sandbox needs another user than root.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
