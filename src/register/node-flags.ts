// Node's command line flags, which show what else is loaded before the app.

export function hasNodeFlag(pattern: RegExp): boolean {
  return pattern.test([...process.execArgv, process.env['NODE_OPTIONS']].join(' '));
}
