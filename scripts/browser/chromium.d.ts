import type { Browser } from 'playwright-core';

/** The path of the program; `CHROMIUM` names another than the first one on the PATH. Undefined when there is none. */
export function findChromium(environment?: Readonly<Record<string, string | undefined>>): string | undefined;

/** Without a window. */
export function launchChromium(): Promise<Browser>;
