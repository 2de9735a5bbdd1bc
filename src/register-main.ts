// register without the check of its requirements.

import { start } from './register/start.js';

/** Resolves once everything has started. */
export const started = start();
