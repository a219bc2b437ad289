// A bundle on its way in: chosen, its sender compared where that is due, reported, taken in or left.
import type { ImportedView } from '../../bindings/ImportedView';
import type { PreviewView } from '../../bindings/PreviewView';
import { act, asProblem, choose, type Problem } from '../../core';
import { Doing, save } from '../../state';

interface Chosen {
  handle: number;
  name: string;
}

export class Incoming {
  chosen = $state.raw<Chosen | null>(null);
  /** The sender's key, to be compared before anything is shown. */
  unknown = $state.raw<{ words: string; fingerprint: string } | null>(null);
  report = $state.raw<PreviewView | null>(null);
  done = $state.raw<ImportedView | null>(null);
  /** Why it was not taken in. */
  refused = $state.raw<Problem | null>(null);
  readonly looking = new Doing();
  readonly taking = new Doing();
  #compared: string | null = null;

  async choose(): Promise<void> {
    await this.looking.run(async () => {
      const chosen = await choose('bundle');
      if (chosen === null) return;
      this.leave();
      this.chosen = chosen;
      await this.#look();
    });
  }

  /** The words were compared: go on with that key. */
  async compared(): Promise<void> {
    this.#compared = this.unknown?.fingerprint ?? null;
    await this.looking.run(() => this.#look());
  }

  async #look(): Promise<void> {
    if (this.chosen === null) return;
    const { handle } = this.chosen;
    try {
      this.report = await act('preview_bundle', { handle, fingerprint: this.#compared });
      this.unknown = null;
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.kind !== 'refusal' || problem.code !== 'sender_unknown') {
        this.unknown = null;
        this.refused = problem;
        return;
      }
      const facts = new Map(problem.facts);
      this.unknown = { words: facts.get('words') ?? '', fingerprint: facts.get('fingerprint') ?? '' };
    }
  }

  /** True when it was taken in. */
  async take(): Promise<boolean> {
    const { chosen, report } = this;
    if (chosen === null || report === null) return false;
    return this.taking.run(async () => {
      this.done = await save('import_bundle', {
        handle: chosen.handle,
        fingerprint: this.#compared,
        sha256: report.sha256,
      });
      this.report = null;
    });
  }

  leave(): void {
    this.chosen = null;
    this.unknown = null;
    this.report = null;
    this.done = null;
    this.refused = null;
    this.#compared = null;
    this.taking.problem = null;
  }
}
