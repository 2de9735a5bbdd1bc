// Adds up test reports (vitest's JSON reporter and scripts/compat.js) into one closing line for CI:
//   node .ci/tally.js main.json compat.json
// A report that is missing, unreadable, empty or unsuccessful makes the exit status 1, whatever the others say.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('usage: node .ci/tally.js <report.json>...');

let passed = 0;
let failed = 0;
for (const file of files) {
  const problem = addReport(file);
  if (problem === '') continue;
  console.log(`${basename(file)}: ${problem}`);
  process.exitCode = 1;
}
console.log(`${passed} passed, ${failed} failed`);

/** Returns what is wrong with the run, '' when nothing is. */
function addReport(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return 'no readable report';
  }
  const { numPassedTests, numFailedTests, success } = report;
  if (!Number.isInteger(numPassedTests) || !Number.isInteger(numFailedTests)) return 'not a test report';
  passed += numPassedTests;
  failed += numFailedTests;
  if (numPassedTests + numFailedTests === 0) return 'no test was run';
  if (numFailedTests > 0) return `${numFailedTests} failed`;
  // A test file that cannot be loaded has no tests to count, yet the run is not a success.
  return success === true ? '' : 'not a success';
}
