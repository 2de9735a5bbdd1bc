import { fileURLToPath } from 'node:url';

const installed = fileURLToPath(new URL('../..', import.meta.url));
// The packages are installed beside the apps.
export default { outputFileTracingRoot: installed, turbopack: { root: installed } };
