// Acts on one form, one after another: an answer can never be overtaken by an older one.
export class SaveQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** When everything asked for so far has been answered. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
