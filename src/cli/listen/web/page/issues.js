// Lines that the server would drop or misread.

import { byId, element } from './text.js';

/** @param {import('./stream.js').Issue[]} issues latest first */
export function showIssues(issues) {
  byId('issues-none').hidden = issues.length > 0;
  byId('issues').replaceChildren(
    ...issues.map(({ line, isMalformed, problems, times }) => {
      const item = element('li');
      const mark = element('span', { class: isMalformed ? 'mark malformed' : 'mark' });
      mark.textContent = isMalformed ? '✗ dropped' : '! doubtful';
      const often = times > 1 ? ` · ${times.toLocaleString('en-US')} times` : '';
      item.append(mark, element('span', { class: 'why', text: often }));
      item.append(
        element('code', { class: 'mono', text: line }),
        element('span', { class: 'why', text: problems.join('; ') }),
      );
      return item;
    }),
  );
}
