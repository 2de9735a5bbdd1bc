// Elements whose content is text, whatever it holds.

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
}

/**
 * @param {string} name
 * @param {{ text?: string, class?: string, id?: string }} [parts]
 */
export function element(name, { text = '', class: classes = '', id = '' } = {}) {
  const made = document.createElement(name);
  if (text !== '') made.textContent = text;
  if (classes !== '') made.className = classes;
  if (id !== '') made.id = id;
  return made;
}

/**
 * For screen readers: what the eye sees without being told.
 * @param {string} text
 */
export function announce(text) {
  byId('announcement').textContent = text;
}

/**
 * An address of this server, with the token of the page.
 * @param {string} path
 * @param {Record<string, string>} [query]
 */
export function address(path, query = {}) {
  const all = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(query)) all.set(name, value);
  return `${path}?${all}`;
}
