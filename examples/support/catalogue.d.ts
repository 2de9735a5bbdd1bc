export const catalogue: Readonly<Record<string, { readonly about: string }>>;
