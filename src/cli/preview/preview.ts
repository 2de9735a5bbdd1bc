// `otel-statsd preview`: the lines that an export becomes, without a server.

import { readFileSync } from 'node:fs';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { type DialectName, dialects } from '../../mapping/dialects/index.js';
import type { NamePreset } from '../../mapping/naming/presets/index.js';
import { errorCode } from '../../runtime/error-code.js';
import { printable } from '../../runtime/printable.js';
import { dialectNamed, readArguments } from '../shared/arguments.js';
import { configurationOf, lineOptions } from '../shared/configuration.js';
import { type ExportedLines, exportedLines } from '../shared/exported-lines.js';
import { type Command, ExitCode, type Io, ProblemError, UsageError } from '../shared/io.js';
import { styleOf } from '../text/style.js';
import { PREVIEW_HELP } from './help.js';
import { FormatError } from './json-node.js';
import { readExports, type SavedExports } from './otlp.js';
import { SAMPLE_EXPORT } from './sample-export.js';

interface Group extends ExportedLines {
  readonly names: string[];
}

export const previewCommand: Command = {
  summary: 'show the lines that an export becomes, dialect by dialect',
  help: PREVIEW_HELP,
  async run(args, io) {
    const { values, positionals } = readArguments(
      args,
      {
        dialect: { type: 'string', short: 'd', default: 'all' },
        prefix: { type: 'string', short: 'p' },
        names: { type: 'string', short: 'n' },
        sample: { type: 'boolean', default: false },
      },
      1,
    );
    const [file] = positionals;
    if (values.sample) {
      if (file !== undefined) throw new UsageError('--sample prints the built-in export and takes no file');
      io.out.write(`${JSON.stringify(SAMPLE_EXPORT, undefined, 2)}\n`);
      return ExitCode.ok;
    }
    const names =
      values.dialect === 'all'
        ? (Object.keys(dialects) as DialectName[])
        : [dialectNamed(values.dialect).name as DialectName];
    const { prefix } = values;
    // Checked like the option, with the other flags.
    const presets = values.names as NamePreset | undefined;
    const saved = load(file);
    const groups: Group[] = [];
    for (const name of names) {
      const exported = await linesFor(name, { prefix, names: presets }, saved, io);
      const same = groups.find((group) => isSame(group, exported));
      if (same === undefined) groups.push({ names: [name], ...exported });
      else same.names.push(name);
    }
    show(groups, saved.notes, io);
    return ExitCode.ok;
  },
};

function load(file: string | undefined): SavedExports {
  if (file === undefined) return readExports(JSON.stringify(SAMPLE_EXPORT));
  try {
    return readExports(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if (error instanceof FormatError) throw new ProblemError(`${file}: ${error.message}`);
    const code = errorCode(error);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'that is a folder' : code;
    throw new ProblemError(`${file}: ${why}`);
  }
}

/** An exporter for each, so that none has the state of another. */
async function linesFor(
  dialect: DialectName,
  flags: StatsdExporterOptions,
  { batches }: SavedExports,
  { environment }: Io,
): Promise<ExportedLines> {
  const { resolved } = configurationOf({ ...flags, dialect }, environment);
  return exportedLines(batches, lineOptions(resolved));
}

function isSame(a: ExportedLines, b: ExportedLines): boolean {
  return a.lines.join('\n') === b.lines.join('\n') && a.warnings.join('\n') === b.warnings.join('\n');
}

function show(groups: readonly Group[], notes: readonly string[], { out, err }: Io): void {
  const style = styleOf(out);
  const texts = groups.map(({ names, lines, warnings }) =>
    [
      style('bold', names.join(', ')),
      ...lines.map((line) => `  ${printable(line)}`),
      ...(lines.length === 0 ? ['  no lines'] : []),
      ...warnings.map((text) => `  ${style('yellow', '!')} ${printable(text)}`),
    ].join('\n'),
  );
  out.write(`${texts.join('\n\n')}\n`);
  for (const note of notes) err.write(`${note}\n`);
}
