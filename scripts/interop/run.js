// Runs a program of an installation with the lowest priority: builds are long, and others want to work meanwhile.
import { execFileSync } from 'node:child_process';

const NICE = ['nice', '-n', '19'];

/** Its output is shown when it fails, and returned otherwise. */
export function run(program, args, options = {}) {
  try {
    return execFileSync(NICE[0], [...NICE.slice(1), program, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 2 ** 20,
      ...options,
      env: { ...process.env, ...options.env },
    });
  } catch (error) {
    const lastWords = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n').slice(-8).join('\n');
    throw new Error(`${program} ${args.join(' ')}: ${lastWords || error.message}`);
  }
}
