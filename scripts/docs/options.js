// The tables of options. Meaning and default come from the docstrings (`@defaultValue`), variables from the table that
// the exporter itself reads (src/exporter/options/option-table.ts).
import { DATADOG_TAGS, OPTION_TABLES } from '../../build/exporter/options/option-table.js';
import { docComment, inSourceOrder, publicItems } from './api-model.js';

/** Interface name to its options. */
export function optionTables() {
  const [, items] = publicItems().find(([entry]) => entry === 'index');
  return Object.fromEntries(
    Object.entries(OPTION_TABLES).map(([name, rows]) => {
      const item = items.find((candidate) => candidate.name === name);
      return [name, inSourceOrder(item).map((member) => optionOf(member, rows[member.name]))];
    }),
  );
}

/** The variables that set an option of StatsdExporterOptions, with how they are written; empty when there are none. */
export function environmentOf(option) {
  const own = variablesText(OPTION_TABLES.StatsdExporterOptions[option]);
  return option === 'tags' ? `${own}; for dogstatsd also ${variablesText(DATADOG_TAGS)}` : own;
}

function optionOf(member, row) {
  const { text, defaultValue } = docComment(member);
  const meaning = text.replaceAll(/\s+/g, ' ');
  const fallback = defaultValue.replaceAll(/\s+/g, ' ');
  checkDefault(member.name, row, fallback);
  const environment = row.variables === undefined ? '' : environmentOf(member.name);
  return { name: member.name, fallback, environment, meaning };
}

function variablesText({ variables = {} }) {
  return Object.entries(variables)
    .map(([variable, { format }]) => `\`${variable}\`${format === undefined ? '' : ` ${format}`}`)
    .join(', ');
}

/** A docstring that states another default than the table is a mistake. */
function checkDefault(name, row, fallback) {
  const value = row.default;
  const isPlain = ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value !== '');
  if (!isPlain) return;
  const texts = [`\`${value}\``, typeof value === 'number' && `${value / 2 ** 20} MiB`];
  if (!texts.some((text) => text && fallback.startsWith(text))) {
    throw new Error(`@defaultValue of ${name} says "${fallback}", the table of options ${value}`);
  }
}
