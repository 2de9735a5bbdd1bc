// The live page in Chromium. It is that of dist, so build first (npm run test:browser does).
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../../scripts/browser/chromium.js';
import { type OpenPage, openPage as open, startCommand } from './page-under-test.js';

const isMissing = findChromium() === undefined;
if (isMissing && process.env['CI'] === undefined) {
  console.warn(
    'There is no Chromium: the tests of the live page are left out. To install it: npm run browser:install',
  );
}

describe.skipIf(isMissing && process.env['CI'] === undefined)('the live page', () => {
  let browser: Browser;
  const opened: OpenPage[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(() => {
    expect(opened.splice(0).flatMap(({ faults }) => faults)).toEqual([]);
  });

  async function openPage(url: string, options: Parameters<typeof open>[2] = {}): Promise<Page> {
    const result = await open(browser, url, options);
    opened.push(result);
    return result.page;
  }

  it('shows counts, series with their numbers, and bad lines with the reason', async () => {
    const { url, send } = await startCommand();
    const page = await openPage(url);
    await page.getByText('Waiting for lines on udp://127.0.0.1').waitFor();
    await send(
      'orders:4|c|#country:fi,env:prod',
      't:10|ms|#env:prod',
      't:30|ms|#env:prod',
      'q:1234.5|g|#env:prod',
    );
    await send('bad', 'bad', 'x y:1|c|#env:prod');
    await page.getByText('2 malformed').waitFor();
    await page.getByRole('row', { name: 'orders' }).waitFor();
    expect(await cells(page)).toEqual([
      ['orders country=fi', 'counter', expect.any(String), '4', '', '', '', '', '4'],
      ['q', 'gauge', expect.any(String), '1,235', '', '', '', '', ''],
      ['t', 'timer', expect.any(String), '30', '10', '30', '30', '', '2'],
      ['x y', 'counter', expect.any(String), '1', '', '', '', '', '1'],
    ]);
    expect(await page.getByText('All series have env=prod').isVisible()).toBe(true);
    expect((await page.locator('#counts span').allTextContents()).join(' · ')).toMatch(
      /^0:\d\d · 7 lines · 2 malformed · 1 doubtful · 4 series · 2 datagrams$/,
    );
    expect(await page.locator('#issues li').allInnerTexts()).toEqual([
      '! doubtful\nx y:1|c|#env:prod\nthe name holds " ", which dogstatsd does not keep',
      '✗ dropped · 2 times\nbad\nthere is no ":" between name and value',
    ]);
    await send('orders:5|c|#country:fi,env:prod');
    await page.locator('td.total', { hasText: /^9$/ }).waitFor();
  });

  it('filters by words in names and tags, and by type', async () => {
    const { url, send } = await startCommand();
    await send('a.one:1|c|#k:v', 'a.two:1|g', 'b.one:1|ms|#zone:north');
    const page = await openPage(url);
    const found = page.locator('#found');
    const names = (): Promise<string[]> => page.locator('tbody th .label').allTextContents();
    await expect.poll(() => found.innerText()).toBe('3 series');
    await page.getByRole('searchbox', { name: 'Search series by name or tag' }).fill('ONE');
    await expect.poll(names).toEqual(['a.one', 'b.one']);
    expect(await found.innerText()).toBe('2 of 3 series');
    await page.getByRole('searchbox').fill('one north');
    await expect.poll(names).toEqual(['b.one']);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox', { name: 'Type' }).selectOption({ label: 'gauge' });
    await expect.poll(names).toEqual(['a.two']);
    await page.getByRole('searchbox').fill('nothing');
    await page.getByRole('heading', { name: 'No series matches' }).waitFor();
    expect(await page.getByRole('table').isVisible()).toBe(false);
  });

  it('shows hostile names, values and lines as text', async () => {
    const { url, send } = await startCommand();
    const hostile = [
      '<img src=x onerror=alert(1)>:1|c|#<b>k</b>:</script><script>alert(2)</script>',
      'evil\u202egnp.exe\u200b:1|g|#x:\u2066y',
      '"><svg/onload=alert(3)>:7|ms',
      "javascript-'alert(4)':ann<i>|s",
    ];
    await send(...hostile, '<script>alert(5)</script>\u202ebad', 'a\x1b[31m:1|c');
    const page = await openPage(url);
    await page.getByText('2 malformed').waitFor();
    await page.getByRole('row', { name: 'img src' }).waitFor();
    expect(await page.locator('tbody th .label').allTextContents()).toEqual([
      '"><svg/onload=alert(3)>',
      '<img src=x onerror=alert(1)>',
      'evil\\u{202e}gnp.exe\\u{200b}',
      "javascript-'alert(4)'",
    ]);
    expect(await page.locator('tbody .tags').allTextContents()).toEqual([
      '<b>k</b>=</script><script>alert(2)</script>',
      'x=\\u{2066}y',
    ]);
    expect(await page.getByRole('cell', { name: 'ann<i>' }).isVisible()).toBe(true);
    expect(await page.locator('#issues code').allInnerTexts()).toContain(
      '<script>alert(5)</script>\\u{202e}bad',
    );
    for (const row of await page.locator('tbody button').all()) await row.click();
    await page.locator('#plot canvas').waitFor();
    expect(await page.locator('img, i, b, table script, main script').count()).toBe(0);
  });

  it('stands still while it is paused, and catches up afterwards', async () => {
    const { url, send } = await startCommand();
    await send('a:1|g');
    const page = await openPage(url);
    await page.getByRole('row', { name: 'a gauge' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').first().waitFor();
    const counts = await page.locator('#counts').innerText();
    await send('a:7|g', 'b:1|c');
    // Another page has them.
    const other = await openPage(url);
    await other.getByRole('row', { name: 'b counter' }).waitFor();
    expect([await page.locator('#counts').innerText(), await lastValues(page)]).toEqual([
      counts,
      [['a', '1']],
    ]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('row', { name: 'b counter' }).waitFor();
    await expect
      .poll(() => lastValues(page))
      .toEqual([
        ['a', '7'],
        ['b', '1'],
      ]);
  });

  it('connects again after the command was restarted, and finds the chosen series', async () => {
    const first = await startCommand();
    await first.send('a:1|g', 'b:2|g');
    const page = await openPage(first.url);
    await page.getByRole('button', { name: 'b', exact: true }).click();
    await page.locator('#plot canvas').waitFor();
    await first.end();
    await page.getByText('No connection, trying again').first().waitFor();
    const { send } = await startCommand(first);
    await page.getByText('Waiting for lines on').waitFor();
    await send('c:3|g', 'b:4|g');
    await page.getByRole('button', { name: 'b', exact: true, pressed: true }).waitFor();
    await expect
      .poll(() => lastValues(page))
      .toEqual([
        ['b', '4'],
        ['c', '3'],
      ]);
    expect(await page.locator('#connection').innerText()).toBe('Live');
  });

  it('plots a series over time, in the range that is chosen', async () => {
    const { url, send } = await startCommand();
    await send('t:10|ms', 't:30|ms');
    const page = await openPage(url);
    await page.getByRole('button', { name: 't', exact: true }).click();
    const plot = page.getByRole('img', { name: 'mean, smallest and largest, last five minutes' });
    await plot.waitFor();
    await page.getByText(/^20 mean, from 10 to 30 at \d\d:\d\d:\d\d$/).waitFor();
    await page.getByRole('button', { name: '1 h' }).click();
    await page.getByRole('img', { name: 'last hour' }).waitFor();
    await page.getByRole('button', { name: 't', exact: true }).click();
    await page.getByText('Choose a series').waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const { url, send } = await startCommand();
    await send(...Array.from({ length: 500 }, (_, at) => `s.${String(at).padStart(3, '0')}:${at}|g`));
    const page = await openPage(url);
    await page.locator('#found', { hasText: /^500 series$/ }).waitFor();
    await page.getByRole('row', { name: 's.000' }).waitFor();
    await page.locator('#search').focus();
    const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent.trim()');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect.poll(focused).toBe('Series');
    // Over the titles of the columns to the one stop that the rows have.
    for (let press = 0; press < 8; press += 1) await page.keyboard.press('Tab');
    expect(await focused()).toBe('s.000');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('s.001');
    await page.keyboard.press('End');
    expect(await focused()).toBe('s.499');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    expect(await focused()).toBe('s.000');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 's.001', pressed: true }).waitFor();
    await page.locator('#plot canvas').waitFor();

    const last = page.getByRole('columnheader', { name: 'Last' });
    await last.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await last.getAttribute('aria-sort')).toBe('descending');
    await expect.poll(async () => (await lastValues(page))[0]).toEqual(['s.499', '499']);
    await page.keyboard.press('Enter');
    expect(await last.getAttribute('aria-sort')).toBe('ascending');
    expect(await page.locator('[aria-sort]').count()).toBe(1);
  });

  it('is a table to a screen reader, which is told what changes rarely and nothing else', async () => {
    const { url, send } = await startCommand();
    await send('a:1|c', 'b:2|g');
    const page = await openPage(url);
    await page.getByRole('row', { name: 'b gauge' }).waitFor();
    expect(await page.getByRole('table').ariaSnapshot()).toMatch(
      /^- table "Series, updated as lines arrive.*- rowgroup:\n {4}- row "Series Type .*columnheader "Series":.*rowheader "a":\n {8}- button "a"/s,
    );
    expect([
      await page.getByRole('table').getAttribute('aria-rowcount'),
      await page.getByRole('row', { name: 'b gauge' }).getAttribute('aria-rowindex'),
    ]).toEqual(['3', '3']);
    const status = page.getByRole('status').first();
    expect(await status.textContent()).toBe('Live');
    await send('a:1|c', 'b:3|g');
    await page.locator('td.last', { hasText: /^3$/ }).waitFor();
    expect(await status.textContent()).toBe('Live');
  });

  it('fits into 360 pixels, whatever the names', async () => {
    const { url, send } = await startCommand();
    const long = 'x'.repeat(300);
    await send(`${long}:1|c|#k:${long}`, `a.b.c:1|ms|#key.${long}:v`, `bad${long}`, 'q:123456789012|g');
    const page = await openPage(url, { width: 360, height: 740 });
    await page.getByRole('button', { name: 'a.b.c' }).click();
    await page.locator('#plot canvas').waitFor();
    const widths = [
      propertyOf('.scroll', 'scrollWidth'),
      propertyOf('.scroll', 'clientWidth'),
      propertyOf('html', 'scrollWidth'),
    ];
    const [inner, outer, all] = await Promise.all(widths.map((width) => page.evaluate(width)));
    expect([inner === outer, all]).toEqual([true, 360]);
    expect(await page.getByRole('cell', { name: '123.46G' }).isVisible()).toBe(true);
  });

  it('holds ten thousand series with few rows in the document', async () => {
    const { url, send } = await startCommand();
    const lines = Array.from(
      { length: 10_000 },
      (_, at) => `http.requests.${String(at).padStart(5, '0')}:${at}|g|#n:${at % 7}`,
    );
    const page = await openPage(url);
    for (let from = 0; from < lines.length; from += 500) await send(...lines.slice(from, from + 500));
    await expect.poll(() => page.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
    const rows = (): Promise<number> => page.locator('tbody tr').count();
    expect([await page.locator('#found').innerText(), (await rows()) < 80]).toEqual(['10,000 series', true]);
    await page.locator('#scroll').evaluate((scroll) => {
      scroll.scrollTop = scroll.scrollHeight;
    });
    await page.getByRole('row', { name: 'http.requests.09999' }).waitFor();
    await page.getByRole('searchbox').fill('04711');
    // The count changes at once, the rows at the next frame.
    await expect.poll(() => lastValues(page)).toEqual([['http.requests.04711 n=0', '4,711']]);
    expect(await page.locator('#found').innerText()).toBe('1 of 10,000 series');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('columnheader', { name: 'Last' }).getByRole('button').click();
    await page.getByRole('row', { name: 'http.requests.09999' }).waitFor();
    expect((await rows()) < 80).toBe(true);
  });

  it('is light or dark as the system says, until told otherwise', async () => {
    const { url } = await startCommand();
    const page = await openPage(url, { colorScheme: 'dark' });
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    expect([dark, light]).toEqual(['rgb(18, 18, 17)', 'rgb(246, 246, 243)']);
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await ground()).toBe(dark);
    await page.reload();
    expect(await ground()).toBe(dark);
    await page.getByRole('button', { name: 'Light' }).click();
    expect(await ground()).toBe(light);
  });
});

/** An expression for the browser. */
function propertyOf(selector: string, property: string): string {
  return `document.querySelector('${selector}').${property}`;
}

/** The texts of the rows in the document. */
function cells(page: Page): Promise<string[][]> {
  return page
    .locator('tbody tr:not(.gap)')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children].map((cell) => (cell.textContent ?? '').replaceAll(/\s+/g, ' ').trim()),
      ),
    );
}

/** The name and the last value of each row. */
async function lastValues(page: Page): Promise<(string | undefined)[][]> {
  return (await cells(page)).map(([name, , , last]) => [name, last]);
}
