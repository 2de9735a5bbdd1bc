// The figures of a unit and its survivors, from Stryker's report.

const KILLED = ['Killed', 'Timeout'];
const SURVIVED = ['Survived', 'NoCoverage'];

/**
 * @param files those of Stryker's JSON report by path, https://github.com/stryker-mutator/mutation-testing-elements
 * @param equivalents the content of equivalents.json: by path, a list of `{ line, code, replacement, reason }`; `line` is
 *   the trimmed first line of the mutated code, `code` that code itself
 * @returns `{ mutants, killed, equivalent, survivors, outdated }`; `survivors` are `{ path, line, column, mutator, code,
 *   replacement, covered }`, without those that are known to be equivalent; `outdated` are entries of `equivalents`
 *   that fit no survivor of a file in the report
 */
export function summarise(files, equivalents) {
  const all = Object.entries(files).flatMap(([path, file]) => mutantsOf(path, file));
  const survived = all.filter(({ status }) => SURVIVED.includes(status));
  const entries = Object.keys(files).flatMap((path) =>
    (equivalents[path] ?? []).map((entry) => ({ path, ...entry })),
  );
  const fits = (entry, mutant) =>
    entry.path === mutant.path &&
    entry.line === mutant.text &&
    entry.code === mutant.code &&
    entry.replacement === mutant.replacement;
  const survivors = survived.filter((mutant) => !entries.some((entry) => fits(entry, mutant)));
  return {
    mutants: all.filter(({ status }) => [...KILLED, ...SURVIVED].includes(status)).length,
    killed: all.filter(({ status }) => KILLED.includes(status)).length,
    equivalent: survived.length - survivors.length,
    survivors,
    outdated: entries.filter((entry) => !survived.some((mutant) => fits(entry, mutant))),
  };
}

function mutantsOf(path, { source, mutants }) {
  const lines = source.split('\n');
  return mutants.map(({ status, location, mutatorName, replacement }) => ({
    path,
    status,
    line: location.start.line,
    column: location.start.column,
    mutator: mutatorName,
    text: lines[location.start.line - 1].trim(),
    code: oneLine(between(lines, location)),
    replacement: oneLine(replacement),
    covered: status !== 'NoCoverage',
  }));
}

/** Lines and columns count from 1; the end is exclusive. */
function between(lines, { start, end }) {
  const part = lines.slice(start.line - 1, end.line);
  part[part.length - 1] = part[part.length - 1].slice(0, end.column - 1);
  part[0] = part[0].slice(start.column - 1);
  return part.join('\n');
}

function oneLine(code) {
  return code.replace(/\s+/g, ' ');
}

export function survivorLines({ survivors, outdated }) {
  const shorten = (code) => (code.length > 100 ? `${code.slice(0, 60)} … ${code.slice(-35)}` : code);
  return [
    ...survivors.flatMap(({ path, line, column, mutator, code, replacement, covered }) => [
      `  ${path}:${line}:${column} ${mutator}${covered ? '' : ', which no test runs'}`,
      `    - ${shorten(code)}`,
      `    + ${shorten(replacement)}`,
    ]),
    ...outdated.map(
      ({ path, line }) => `  equivalents.json: no survivor of ${path} fits the entry for: ${line}`,
    ),
  ];
}

/** One line per unit: of the mutants that are not equivalent, how many the tests noticed. */
export function scoreTable(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length), 'folder'.length);
  const line = (name, ...cells) => `${name.padEnd(width)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  return [
    line('folder', 'mutants', 'killed', 'survived', 'equivalent', 'score'),
    ...rows.map(({ name, mutants, killed, equivalent, survivors }) => {
      const decisive = mutants - equivalent;
      const score = decisive === 0 ? '-' : `${((100 * killed) / decisive).toFixed(1)} %`;
      return line(name, `${mutants}`, `${killed}`, `${survivors.length}`, `${equivalent}`, score);
    }),
  ];
}
