// Locks after the minutes the core says, counted from the last sign of life.
import { lockNow, session } from '../state';

const WARN_SECONDS = 60;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'compositionupdate'] as const;

/** Seconds left once there are few; `null` while there is time. */
export class IdleWatch {
  left = $state<number | null>(null);
  #last = Date.now();
  #locking = false;

  #alive = (): void => {
    this.#last = Date.now();
    this.left = null;
  };

  #tick = (): void => {
    const who = session.who;
    if (who === null || who.idle_minutes <= 0 || this.#locking) return;
    const left = Math.ceil(who.idle_minutes * 60 - (Date.now() - this.#last) / 1000);
    this.left = left <= WARN_SECONDS ? Math.max(left, 0) : null;
    if (left > 0) return;
    this.#locking = true;
    lockNow('idle')
      .catch(() => undefined)
      .finally(() => {
        this.#locking = false;
      });
  };

  /** Begins watching; what it returns ends it. */
  watch(): () => void {
    this.#alive();
    for (const sign of SIGNS) window.addEventListener(sign, this.#alive, { capture: true, passive: true });
    const beat = window.setInterval(this.#tick, 1000);
    return () => {
      window.clearInterval(beat);
      for (const sign of SIGNS) window.removeEventListener(sign, this.#alive, { capture: true });
    };
  }
}
