import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fuzz } from '../fuzzer.js';
import { targets } from '../targets/index.js';

const FINDINGS = '.cache/fuzz';
const { FUZZ_MINUTES = '1', FUZZ_SEED = String(Date.now() % 1e9), FUZZ_TARGET } = process.env;
const chosen = Object.entries(targets).filter(([name]) => FUZZ_TARGET === undefined || name === FUZZ_TARGET);
const millis = (Number(FUZZ_MINUTES) * 60_000) / chosen.length;

it.each(chosen)('%s keeps its promises for any bytes', (name, target) => {
  const { runs, kept, finding } = fuzz(target, { millis, seed: Number(FUZZ_SEED) });
  console.log(
    `${name}: ${runs} runs, seed ${FUZZ_SEED}, ${kept} inputs kept because they reached something new`,
  );
  if (finding === undefined) return;
  mkdirSync(FINDINGS, { recursive: true });
  const file = `${FINDINGS}/${name}-${FUZZ_SEED}`;
  writeFileSync(file, finding.input);
  console.log(`the input that failed is in ${file}: ${JSON.stringify(finding.input.toString())}`);
  expect(finding.error).toBeUndefined();
});
