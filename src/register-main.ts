// register without the check of its requirements.

import { start } from './register/start.js';

start();
