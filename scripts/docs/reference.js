// docs/api.md: every name that the package exports, with its docstring.
import { docComment, inSourceOrder, publicItems, signature } from './api-model.js';
import { environmentOf } from './options.js';

const TITLES = {
  index: ['opentelemetry-exporter-statsd', 'the exporter'],
  cluster: ['opentelemetry-exporter-statsd/cluster', 'one set of metrics from many processes'],
  instrument: ['opentelemetry-exporter-statsd/instrument', 'helpers over the OpenTelemetry API'],
  testing: ['opentelemetry-exporter-statsd/testing', 'test server and matchers'],
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
    const text = memberText(item, member).replaceAll(/\s*\n\s*/g, ' ');
    return `- \`${signature(member).replaceAll(/\s+/g, ' ')}\`${text === '' ? '' : `  \n  ${text}`}`;
  });
  const declaration = `\`\`\`ts\n${signature(item)}\n\`\`\``;
  return [`### ${item.name}`, declaration, docComment(item).text, members.join('\n')]
    .filter(Boolean)
    .join('\n\n');
}

function memberText(item, member) {
  const { text, defaultValue } = docComment(member);
  const environment = item.name === 'StatsdExporterOptions' ? environmentOf(member.name) : '';
  return [
    text,
    defaultValue !== '' && `Default: ${defaultValue}.`,
    environment !== '' && `Environment: ${environment}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
