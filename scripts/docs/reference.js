// docs/api.md: every name that the package exports, with its docstring.
import { docText, inSourceOrder, publicItems, signature } from './api-model.js';

const TITLES = {
  index: ['opentelemetry-exporter-statsd', 'the exporter'],
  cluster: ['opentelemetry-exporter-statsd/cluster', 'many processes, one truth'],
  instrument: ['opentelemetry-exporter-statsd/instrument', 'helpers over the OpenTelemetry API'],
  testing: ['opentelemetry-exporter-statsd/testing', 'for tests of your own'],
};

const HEAD = `# API

Made from the docstrings by \`npm run docs\`. Besides these there are the entry point
\`opentelemetry-exporter-statsd/register\`, which exports nothing, and the command \`otel-statsd\`.`;

export function reference() {
  const sections = publicItems().map(([entry, items]) => {
    const [name, subject] = TITLES[entry];
    return [`## \`${name}\`: ${subject}`, ...items.map(itemText)].join('\n\n');
  });
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

function itemText(item) {
  const members = inSourceOrder(item).map((member) => {
    const text = docText(member).replaceAll(/\s*\n\s*/g, ' ');
    return `- \`${signature(member).replaceAll(/\s+/g, ' ')}\`${text === '' ? '' : `  \n  ${text}`}`;
  });
  const declaration = `\`\`\`ts\n${signature(item)}\n\`\`\``;
  return [`### ${item.name}`, declaration, docText(item), members.join('\n')].filter(Boolean).join('\n\n');
}
