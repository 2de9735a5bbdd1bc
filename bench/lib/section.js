// What a section is: a module of bench/sections that runs in a process of its own and ends with
// `finish({ text, tables, figures, charts })`.
//
//   text    for the page: why it is measured; holds whatever the figures are
//   tables  `{ title, head, rows, note }`, all cells text
//   figures what bench/goals.json has goals for, by its names
//   charts  figures for the picture, by the name that bench/page/picture.js knows
import { taskOf } from './processes.js';

/** True when it only has to be shown that everything works. */
export const isQuick = taskOf().quick;

/** A number for the full run and one for the quick one. */
export function amount(full, quick) {
  return isQuick ? quick : full;
}
