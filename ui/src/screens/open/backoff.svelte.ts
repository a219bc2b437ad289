// Counts down the seconds that the core said a log-in has to wait; the core itself holds the line.
import type { LoginView } from '../../bindings/LoginView';

export class BackOff {
  #until = $state<Record<string, number>>({});
  #now = $state(Date.now());

  take(people: readonly LoginView[]): void {
    const now = Date.now();
    this.#until = Object.fromEntries(
      people.filter((p) => p.wait_seconds > 0).map((p) => [p.login, now + p.wait_seconds * 1000]),
    );
    this.#now = now;
  }

  left(login: string): number {
    return Math.max(0, Math.ceil(((this.#until[login] ?? 0) - this.#now) / 1000));
  }

  /** Begins to count; what it returns ends it. */
  beat(): () => void {
    const timer = window.setInterval(() => (this.#now = Date.now()), 500);
    return () => window.clearInterval(timer);
  }
}
