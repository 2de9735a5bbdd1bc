// One thing that the doctor has to say.

export interface Finding {
  readonly status: 'ok' | 'note' | 'problem';
  /** What is so, in whole sentences. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}
