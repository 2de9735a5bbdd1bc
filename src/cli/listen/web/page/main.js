// The live page: what it is made of, and what happens when a message arrives or something is pressed.

import { showIssues } from './issues.js';
import { SeriesModel } from './model.js';
import { PlotView } from './plot.js';
import { Stream } from './stream.js';
import { TableView } from './table.js';
import { announce, byId, element } from './text.js';
import { startTheme } from './theme.js';

/** Numbers change with each message: rows that change places all the time cannot be read. */
const SORT_MILLIS = 2_000;

/** While many series are new, to sort them for each message would take all the time. */
const SORT_NEW_MILLIS = 500;

const model = new SeriesModel();
const plot = new PlotView();
const table = new TableView(model, (id) => choose(id === plot.id ? undefined : id));
const stream = new Stream({ onHello, onUpdate, onState });

let run = '';
/** The label and type of the chosen series, by which it is found again after a restart. */
let chosenKey = '';
let sortedAt = -Infinity;
let hasNew = false;

/** @param {import('./stream.js').Hello} hello */
function onHello(hello) {
  if (hello.run !== run) {
    run = hello.run;
    sortedAt = -Infinity;
    model.clear();
    table.renew();
    plot.choose(undefined);
    showIssues([]);
  }
  byId('where').textContent = `${hello.endpoint} · ${hello.dialect}`;
  document.title = `otel-statsd · ${hello.endpoint}`;
  showWaysToSend(hello);
}

/** @param {import('./stream.js').Update} update */
function onUpdate({ added, rows, status, issues }) {
  model.add(added);
  model.change(rows);
  if (status) showStatus(status);
  if (issues) showIssues(issues);
  if (added.length > 0) {
    showTypes();
    showShared();
    if (plot.id === undefined && chosenKey !== '') choose(model.idOf(chosenKey));
  }
  hasNew ||= added.length > 0;
  sortWhenDue();
  show();
  plot.showNumbers();
}

function sortWhenDue() {
  const now = performance.now();
  if (now - sortedAt < (hasNew ? SORT_NEW_MILLIS : SORT_MILLIS)) return;
  sortedAt = now;
  hasNew = false;
  model.sort();
}

/** @param {'live' | 'lost' | 'paused'} state */
function onState(state) {
  const texts = { live: 'Live', lost: 'No connection, trying again', paused: 'Paused' };
  const connection = byId('connection');
  if (connection.dataset.state !== state) announce(texts[state]);
  connection.dataset.state = state;
  connection.textContent = texts[state];
  connection.title = state === 'lost' ? 'otel-statsd has ended, or too many pages are open.' : '';
  const pause = byId('pause');
  pause.textContent = state === 'paused' ? 'Resume' : 'Pause';
  pause.setAttribute('aria-pressed', String(state === 'paused'));
  table.isLive = state === 'live';
  plot.isLive = state === 'live';
}

/** @param {number | undefined} id */
function choose(id) {
  const series = id === undefined ? undefined : model.all[id];
  chosenKey = series?.key ?? '';
  plot.choose(series);
  table.chosen = series?.id;
  table.draw();
}

/** The last new series may come with the last message. */
setInterval(() => {
  if (!hasNew) return;
  sortWhenDue();
  show();
}, SORT_NEW_MILLIS);

function show() {
  const { length } = model.shown;
  const total = model.all.length;
  byId('table').hidden = length === 0;
  byId('empty').hidden = length > 0;
  byId('ways').hidden = total > 0;
  byId('no-match').hidden = total === 0 || length > 0;
  const counted = (/** @type {number} */ count) => count.toLocaleString('en-US');
  byId('found').textContent =
    length === total ? `${counted(total)} series` : `${counted(length)} of ${counted(total)} series`;
  table.draw();
}

/** @param {import('./stream.js').Status} status */
function showStatus({ counts, isHealthy, forward }) {
  const line = byId('counts');
  line.classList.toggle('unhealthy', !isHealthy);
  line.replaceChildren(
    ...counts.map((text) => element('span', { text, class: / malformed$/.test(text) ? 'malformed' : '' })),
  );
  const forwarding = byId('forward');
  forwarding.hidden = forward === undefined;
  forwarding.textContent = forward?.text ?? '';
  forwarding.classList.toggle('failing', forward?.isFailing ?? false);
}

/** @param {import('./stream.js').Hello} hello */
function showWaysToSend({ endpoint, waysToSend }) {
  const ways = element('div', { id: 'ways' });
  ways.append(element('h2', { text: `Waiting for lines on ${endpoint} …` }));
  for (const { text, commands } of waysToSend) {
    ways.append(element('p', { text }), element('pre', { text: commands.join('\n') }));
  }
  const noMatch = element('div', { id: 'no-match' });
  noMatch.append(
    element('h2', { text: 'No series matches' }),
    element('p', { text: 'Change the search or the type.' }),
  );
  byId('empty').replaceChildren(ways, noMatch);
  show();
}

function showTypes() {
  const select = byId('type');
  for (const type of model.types) {
    if ([...select.children].some((option) => /** @type {HTMLOptionElement} */ (option).value === type))
      continue;
    const option = element('option', { text: model.typeName(type) });
    option.setAttribute('value', type);
    select.append(option);
  }
}

function showShared() {
  const text = model.shared.size === 0 ? '' : `All series have ${[...model.shared].sort().join(', ')}`;
  document.documentElement.classList.toggle('tagged', model.hasTags);
  const line = byId('shared');
  if (line.textContent === text) return;
  line.textContent = text;
  line.hidden = text === '';
  table.renew();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let told;
function filter() {
  model.filter(
    /** @type {HTMLInputElement} */ (byId('search')).value,
    /** @type {HTMLSelectElement} */ (byId('type')).value,
  );
  table.toTop();
  show();
  clearTimeout(told);
  told = setTimeout(() => announce(`${model.shown.length} series found`), 700);
}

byId('search').addEventListener('input', filter);
byId('type').addEventListener('change', filter);
byId('pause').addEventListener('click', () => (stream.isPaused ? stream.resume() : stream.pause()));
startTheme(() => plot.restyle());
stream.open();
