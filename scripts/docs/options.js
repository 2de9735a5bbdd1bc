// The table of options, from the docstrings of StatsdExporterOptions: "Default …." and "Env: …." become columns.
import { docText, inSourceOrder, publicItems } from './api-model.js';

/** Interface name to its options. */
export function optionTables() {
  const [, items] = publicItems().find(([entry]) => entry === 'index');
  return Object.fromEntries(
    items
      .filter(({ kind, name }) => kind === 'Interface' && name.endsWith('Options'))
      .map((item) => [item.name, inSourceOrder(item).map(optionOf)]),
  );
}

function optionOf(member) {
  const { rest, value: environment } = takeSentence(docText(member).replaceAll(/\s+/g, ' '), /Env: /);
  const { rest: meaning, value: fallback } = takeSentence(rest, /Default:? /);
  const [summary = ''] = meaning.match(/^.*?[.](?= [A-Z`]|$)/) ?? [];
  return { name: member.name, fallback, environment, meaning, summary };
}

/** Takes the sentence that begins so out of the text. */
function takeSentence(text, beginning) {
  const found = text.match(new RegExp(`(?:^|(?<= ))${beginning.source}(.*?)\\.(?= [A-Z\`]|$)`));
  if (found === null) return { rest: text, value: '' };
  const rest = text.slice(0, found.index) + text.slice(found.index + found[0].length);
  return { rest: rest.replaceAll(/\s+/g, ' ').trim(), value: found[1] };
}
