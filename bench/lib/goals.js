// Which goals of bench/goals.json a run meets.
import { figure } from './statistics.js';

/**
 * @typedef {{ what: string, figure: string, unit: string, least?: number, most?: number }} Goal one of `least`, `most`
 * @param {readonly Goal[]} goals
 * @param {readonly { figures: Record<string, number> }[]} results of sections
 * @returns {{ title: string, head: string[], rows: string[][] }} the goals whose figures were measured
 * @throws {Error} on a goal without exactly one limit; if `isComplete`, on a figure that no section measured
 */
export function goalTable(goals, results, { isComplete }) {
  const measured = Object.assign({}, ...results.map(({ figures }) => figures));
  const rows = [];
  for (const goal of goals) {
    if (goal.figure in measured) {
      // A message from a section's process has null instead of NaN.
      const value = measured[goal.figure] ?? NaN;
      rows.push([goal.what, limitText(goal), valueText(value, goal), isMet(value, goal)]);
    } else if (isComplete) {
      throw new Error(`no section measures ${goal.figure}`);
    }
  }
  return { title: 'Goals', head: ['', 'goal', 'measured', 'met'], rows };
}

function limitText({ figure: name, least, most, unit }) {
  if ((least === undefined) === (most === undefined)) throw new Error(`${name} needs either least or most`);
  return least === undefined ? `≤ ${most} ${unit}` : `≥ ${least} ${unit}`;
}

function valueText(value, { unit }) {
  return Number.isFinite(value) ? `${figure(value)} ${unit}` : '–';
}

/** NaN, which an incomplete measurement gives, meets no goal. */
function isMet(value, { least = -Infinity, most = Infinity }) {
  return value >= least && value <= most ? 'yes' : 'no';
}
