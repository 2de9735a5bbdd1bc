// Where this package lies. One source becomes an ES module and a CommonJS one, and `import.meta` and
// `__filename` exist in one of them only; a call site knows in both.

/** A path or a file URL; undefined where the runtime forbids looking. */
export function ownFile(): string | undefined {
  const { prepareStackTrace } = Error;
  try {
    let file: string | null | undefined;
    Error.prepareStackTrace = (_error, [callSite]) => {
      file = callSite?.getFileName();
    };
    // Reading the property is what calls the hook above.
    void new Error().stack;
    Error.prepareStackTrace = prepareStackTrace;
    return file ?? undefined;
  } catch {
    // Error is frozen (`node --frozen-intrinsics`, SES), so nothing was changed.
    return undefined;
  }
}
