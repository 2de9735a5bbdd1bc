// `otel-statsd preview`: the lines that an export becomes, without a server.

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readConfigFile } from '../../exporter/options/config-file.js';
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
    const { fault } = await readConfigFile(io.environment);
    if (fault !== undefined) io.err.write(`${printable(fault)}\n`);
    const groups: Group[] = [];
    for (const name of names) {
      const exported = await linesFor(name, { prefix, names: presets }, saved, io);
      const same = groups.find((group) => isSame(group, exported));
      if (same === undefined) groups.push({ names: [name], ...exported });
      else same.names.push(name);
    }
    show(groups, io);
    for (const note of saved.notes) io.err.write(`${printable(note)}\n`);
    for (const { text, leftOut } of saved.faults) {
      io.err.write(`${printable(`${text}; ${leftOut} is left out`)}\n`);
    }
    return saved.faults.length === 0 ? ExitCode.ok : ExitCode.problem;
  },
};

function load(file: string | undefined): SavedExports {
  if (file === undefined) return readExports(JSON.stringify(SAMPLE_EXPORT));
  const { batches, ...read } = readExports(readText(file));
  const inFile = (text: string): string => `${nameOf(file)}: ${text}`;
  const notes = read.notes.map(inFile);
  const faults = read.faults.map(({ text, leftOut }) => ({ text: inFile(text), leftOut }));
  if (faults.length > 0 && !hasPoints(batches)) {
    throw new ProblemError(faults.map(({ text }) => text).join('\n'));
  }
  return { batches, notes, faults };
}

function hasPoints(batches: SavedExports['batches']): boolean {
  return batches.some(({ scopeMetrics }) =>
    scopeMetrics.some(({ metrics }) => metrics.some(({ dataPoints }) => dataPoints.length > 0)),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file === STANDARD_INPUT ? 0 : file, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    throw new ProblemError(`${nameOf(file)}: ${READ_FAULTS[code] ?? code}`);
  }
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'that is a folder',
  EACCES: 'this user may not read it',
  EAGAIN: 'there is nothing to read',
};

const STANDARD_INPUT = '-';

function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file;
}

/** An exporter for each, so that none has the state of another. */
async function linesFor(
  dialect: DialectName,
  flags: StatsdExporterOptions,
  { batches }: SavedExports,
  { environment }: Io,
): Promise<ExportedLines> {
  return exportedLines(batches, lineOptions(await configurationOf({ ...flags, dialect }, environment)));
}

function isSame(a: ExportedLines, b: ExportedLines): boolean {
  return isDeepStrictEqual([a.lines, a.warnings], [b.lines, b.warnings]);
}

function show(groups: readonly Group[], { out }: Io): void {
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
}
