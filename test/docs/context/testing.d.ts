// What the fragments of docs/testing.md use and do not make.
declare function startTheApp(env: Readonly<Record<string, string>>): void;
