// Commands by name.

import { closestMatch } from '../runtime/did-you-mean.js';
import { type Command, UsageError } from './shared/io.js';

export function findCommand(name: string, commands: Readonly<Record<string, Command>>): Command {
  if (Object.hasOwn(commands, name)) return commands[name]!;
  const suggestion = closestMatch(name, Object.keys(commands));
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  throw new UsageError(
    name.startsWith('-')
      ? `there is no option ${name} before a command`
      : `there is no command "${name}"${hint}`,
  );
}
