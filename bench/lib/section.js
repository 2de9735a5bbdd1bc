// What a section is: a module of bench/sections that runs in a process of its own and ends with
// `finish({ text, tables, goals, charts })`.
//
//   text    for the page: why it is measured; holds whatever the figures are
//   tables  `{ title, head, rows, note }`, all cells text
//   goals   `{ what, goal, measured, isMet }`
//   charts  figures for the picture, by the name that bench/page/picture.js knows
import { taskOf } from './processes.js';
import { times } from './statistics.js';

/** True when it only has to be shown that everything works. */
export const isQuick = taskOf().quick;

/** A number for the full run and one for the quick one. */
export function amount(full, quick) {
  return isQuick ? quick : full;
}

/** `measured` times as fast as something. */
export function ratioGoal(what, least, measured) {
  return {
    what,
    goal: `≥ ${least} ×`,
    measured: times(measured),
    isMet: measured >= least,
  };
}

export function limitGoal(what, most, unit, measured) {
  return {
    what,
    goal: `≤ ${most} ${unit}`,
    measured: `${measured < 10 ? measured.toFixed(2) : Math.round(measured)} ${unit}`,
    isMet: measured <= most,
  };
}
