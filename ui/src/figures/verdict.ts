/** Whose verdict a signed record is, if it is one: `ELIG/S-001`. */
export function verdictOf(record: string): string | null {
  return /^ELIG\/([^/]+)$/.exec(record)?.[1] ?? null;
}
