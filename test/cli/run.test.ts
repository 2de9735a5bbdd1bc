import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/mapping/dialects/index.js';
import { FakeIo, runWith } from './fake-io.js';

describe('the program', () => {
  it.each([['--help'], ['-h'], ['help']])('explains itself with %s', async (flag) => {
    const { code, out, err } = await runWith([flag]);
    expect({ code, err, firstLine: out.split('\n')[0] }).toEqual({
      code: 0,
      err: '',
      firstLine: 'Usage: otel-statsd <command> [options]',
    });
    expect(out.split('\n').filter((line) => /^ {2}[a-z]+ {2}/.test(line))).toEqual([
      '  listen    show what arrives, and what is wrong with it',
      '  doctor    check the configuration, send test metrics, say what is wrong',
      '  preview   show the lines that an export becomes, dialect by dialect',
    ]);
  });

  it('prints its help to standard error when called without a command', async () => {
    const { code, out, err } = await runWith([]);
    expect({ code, out, firstLine: err.split('\n')[0] }).toEqual({
      code: 2,
      out: '',
      firstLine: 'Usage: otel-statsd <command> [options]',
    });
  });

  it('prints its version', async () => {
    const version = { code: 0, out: '1.2.3\n', err: '' };
    expect([await runWith(['--version']), await runWith(['-v'])]).toEqual([version, version]);
  });

  it('explains a command whatever else is asked of it', async () => {
    expect(await runWith(['doctor', '--json', '--help'])).toEqual(await runWith(['doctor', '--help']));
  });

  it('reports what the user must change outside of the command line', async () => {
    const { code, out, err } = await runWith(['preview', '/nowhere/export.json']);
    expect([code, out, /^\S.*\n$/.test(err), err.includes('--help')]).toEqual([1, '', true, false]);
  });

  it('does not take an error of its own for a mistake of the user', async () => {
    const io = new FakeIo();
    io.out.write = () => {
      throw new RangeError('broken');
    };
    await expect(runWith(['--version'], io)).rejects.toThrow(new RangeError('broken'));
    expect(io.err.text).toBe('');
  });

  it.each([['listen'], ['doctor'], ['preview']])(
    'explains the command %s, in lines that fit a window',
    async (name) => {
      const help = await runWith([name, '--help']);
      expect([
        help.code,
        help.err,
        help.out.split('\n')[0]?.startsWith(`Usage: otel-statsd ${name} `),
      ]).toEqual([0, '', true]);
      expect(help.out.split('\n').filter((line) => line.length > 96)).toEqual([]);
      expect([await runWith([name, '-h']), await runWith(['help', name])]).toEqual([help, help]);
    },
  );

  it.each<[string[], string]>([
    [
      ['lisen'],
      'otel-statsd: there is no command "lisen" (did you mean "listen"?)\nSee otel-statsd --help\n',
    ],
    [['upgrade'], 'otel-statsd: there is no command "upgrade"\nSee otel-statsd --help\n'],
    [['toString'], 'otel-statsd: there is no command "toString"\nSee otel-statsd --help\n'],
    [['--json'], 'otel-statsd: there is no option --json before a command\nSee otel-statsd --help\n'],
    [
      ['listen', '--dialct=x'],
      'otel-statsd: there is no option --dialct (did you mean "--dialect"?)\nSee otel-statsd listen --help\n',
    ],
    [['doctor', '--zzz'], 'otel-statsd: there is no option --zzz\nSee otel-statsd doctor --help\n'],
    [['doctor', '-x'], 'otel-statsd: there is no option -x\nSee otel-statsd doctor --help\n'],
    [
      ['doctor', '--dialect'],
      "otel-statsd: Option '-d, --dialect <value>' argument missing\nSee otel-statsd doctor --help\n",
    ],
    [
      ['doctor', 'tcp://a'],
      'otel-statsd: there is one argument too many: tcp://a\nSee otel-statsd doctor --help\n',
    ],
  ])('rejects %j with a hint', async (args, err) => {
    expect(await runWith(args)).toEqual({ code: 2, out: '', err });
  });

  it('lists the dialects when one is unknown', async () => {
    const { code, err } = await runWith(['preview', '-d', 'dogstats']);
    expect([code, err.split('\n').slice(0, 2)]).toEqual([
      2,
      [
        'otel-statsd: there is no dialect "dogstats" (did you mean "dogstatsd"?)',
        `The dialects are ${Object.keys(dialects).join(', ')}.`,
      ],
    ]);
  });
});
