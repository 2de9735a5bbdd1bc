// Modules of Node that few processes need, or need late, are taken from process.getBuiltinModule() where they are used.
// Loading all of them costs some 5 ms; importing node:tls makes Node parse every root certificate, for its named exports.

/** 4 or 6 for an address without brackets, 0 for any other text. */
export function ipVersion(text: string): 0 | 4 | 6 {
  return process.getBuiltinModule('node:net').isIP(text) as 0 | 4 | 6;
}
