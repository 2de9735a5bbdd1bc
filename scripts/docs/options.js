// The table of options, from the docstrings of StatsdExporterOptions: "Default …." and "Env: …." become columns.
import { docText, inSourceOrder, publicItems } from './api-model.js';

export function optionRows() {
  const [, items] = publicItems().find(([entry]) => entry === 'index');
  const options = items.find(({ name }) => name === 'StatsdExporterOptions');
  return inSourceOrder(options).map((member) => {
    const { rest, value: environment } = takeSentence(docText(member).replaceAll(/\s+/g, ' '), /Env: /);
    const { rest: meaning, value: fallback } = takeSentence(rest, /Default:? /);
    return { name: member.name, fallback, environment, meaning };
  });
}

/** Takes the sentence that begins so out of the text. */
function takeSentence(text, beginning) {
  const found = text.match(new RegExp(`(?:^|(?<= ))${beginning.source}(.*?)\\.(?= [A-Z\`]|$)`));
  if (found === null) return { rest: text, value: '' };
  const rest = text.slice(0, found.index) + text.slice(found.index + found[0].length);
  return { rest: rest.replaceAll(/\s+/g, ' ').trim(), value: found[1] };
}
