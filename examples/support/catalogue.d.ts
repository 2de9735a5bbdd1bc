interface Entry {
  readonly about: string;
}

export const catalogue: Readonly<Record<string, Entry>>;
export const shows: Readonly<Record<string, Entry & { readonly program: string }>>;
