/** Keeps values up to a budget of bytes and forgets the least recently used first. */
export class Lru<V> {
  private readonly entries = new Map<string, {value: V; bytes: number}>();
  private total = 0;

  constructor(private readonly budget: number) {}

  get bytes(): number {
    return this.total;
  }

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** Stores a value, or changes what it weighs; the newest value always stays. */
  set(key: string, value: V, bytes: number): void {
    this.delete(key);
    this.entries.set(key, {value, bytes});
    this.total += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.total <= this.budget || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.total -= entry.bytes;
    this.entries.delete(key);
  }
}
