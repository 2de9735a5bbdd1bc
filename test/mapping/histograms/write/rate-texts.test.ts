import { expect, it } from 'vitest';
import { sampleRate } from '../../../../src/mapping/histograms/samples/weights.js';
import { RateTexts } from '../../../../src/mapping/histograms/write/rate-texts.js';
import { ByteBuffer } from '../../../../src/mapping/lines/byte-buffer.js';
import { formatNumber } from '../../../../src/mapping/numbers/format-number.js';

it('RateTexts has the shortest decimal of every rate, however often it is asked', () => {
  const rates = new RateTexts();
  const weights = [...Array.from({ length: 1_100 }, (_, index) => index + 1), 2.5, 0.75, 99_999, 2 ** 40, 2];
  for (let turn = 0; turn < 2; turn++) {
    const texts = weights.map((weight) => {
      const text = ByteBuffer.of('|@');
      rates.append(weight, text);
      return text.decode();
    });
    expect(texts).toEqual(weights.map((weight) => `|@${formatNumber(sampleRate(weight))}`));
  }
});
