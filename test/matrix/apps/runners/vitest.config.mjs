// The file that Vitest would find further up is another's.
export default { test: { include: ['vitest.test.mjs'] } };
