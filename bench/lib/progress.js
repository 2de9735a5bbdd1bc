// What goes on, on the last line of a terminal; elsewhere it would only fill the log.
export class Progress {
  #shown = '';

  show(text) {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r${text.padEnd(this.#shown.length)}`);
    this.#shown = text;
  }

  clear() {
    this.show('');
    if (process.stderr.isTTY) process.stderr.write('\r');
  }
}
