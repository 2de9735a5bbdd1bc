// Runs the command that a command line names; the result is the exit code.

import { didYouMean } from '../runtime/did-you-mean.js';
import { printableLines } from '../runtime/printable.js';
import { doctorCommand } from './doctor/doctor.js';
import { listenCommand } from './listen/listen.js';
import { previewCommand } from './preview/preview.js';
import { type Command, ExitCode, type Io, ProblemError, UsageError } from './shared/io.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  listen: listenCommand,
  doctor: doctorCommand,
  preview: previewCommand,
};

const HELP = `Usage: otel-statsd <command> [options]

Sees what an app sends to StatsD, and finds out why nothing arrives.

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

  otel-statsd <command> --help   all about a command
  otel-statsd --version

Start here
  otel-statsd listen             in one terminal, and in another:
  OTEL_EXPORTER_STATSD_ENDPOINT=udp://127.0.0.1:8125 \\
    node --import opentelemetry-exporter-statsd/register app.js
`;

/** @param args what follows the name of the program */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    io.err.write(HELP);
    return ExitCode.usage;
  }
  try {
    if (name === '--help' || name === '-h' || name === 'help') {
      io.out.write(rest[0] === undefined ? HELP : findCommand(rest[0]).help);
      return ExitCode.ok;
    }
    if (name === '--version' || name === '-v') {
      io.out.write(`${io.version}\n`);
      return ExitCode.ok;
    }
    const command = findCommand(name);
    if (rest.some((arg) => arg === '--help' || arg === '-h')) {
      io.out.write(command.help);
      return ExitCode.ok;
    }
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      const more = Object.hasOwn(COMMANDS, name) ? `${name} ` : '';
      io.err.write(`otel-statsd: ${printableLines(error.message)}\nSee otel-statsd ${more}--help\n`);
      return ExitCode.usage;
    }
    if (error instanceof ProblemError) {
      io.err.write(`${printableLines(error.message)}\n`);
      return ExitCode.problem;
    }
    throw error;
  }
}

function findCommand(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command;
  throw new UsageError(
    name.startsWith('-')
      ? `there is no option ${name} before a command`
      : `there is no command "${name}"${didYouMean(name, Object.keys(COMMANDS))}`,
  );
}
