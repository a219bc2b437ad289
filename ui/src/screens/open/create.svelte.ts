// The steps of making a new site file. Nothing is written before the last one.
import type { FileKind } from '../../bindings/FileKind';
import type { CreatedView } from '../../bindings/CreatedView';
import type { StatusView } from '../../bindings/StatusView';
import { act, choose } from '../../core';
import { applyStatus, Doing } from '../../state';

/** Where what was refused was typed: it is shown there, and mended there. */
const STEP_OF: Record<string, number> = {
  site_code_form: 0,
  site_name_needed: 0,
  login_form: 1,
  printed_name_needed: 1,
  identity_words_needed: 1,
};

export class CreateSiteFile {
  step = $state(0);
  kind = $state<FileKind>('site');
  site = $state('');
  siteName = $state('');
  login = $state('');
  printedName = $state('');
  identity = $state('');
  password = $state('');
  passwordReady = $state(false);
  created = $state<CreatedView | null>(null);
  readonly doing = new Doing();

  /** Whether this step has all it needs; what it holds is for the core to judge. */
  get ready(): boolean {
    const filled = (...texts: string[]) => texts.every((text) => text.trim() !== '');
    if (this.step === 0) return filled(this.site, this.siteName);
    if (this.step === 1) return filled(this.login, this.printedName, this.identity);
    return this.passwordReady;
  }

  back(): void {
    this.doing.problem = null;
    this.step -= 1;
  }

  async next(): Promise<void> {
    if (!this.ready) return;
    if (this.step < 2) {
      this.doing.problem = null;
      this.step += 1;
      return;
    }
    await this.doing.run(() => this.#create());
    const refused = this.doing.problem?.kind === 'refusal' ? this.doing.problem.code : '';
    this.step = STEP_OF[refused] ?? this.step;
  }

  finish(status: StatusView): void {
    applyStatus(status);
  }

  async #create(): Promise<void> {
    const site = this.site.trim().toUpperCase();
    const chosen = await choose('new_site_file', `${this.kind}-${site}.cartwright`);
    if (chosen === null) return;
    const file = {
      handle: chosen.handle,
      site,
      site_name: this.siteName.trim(),
      login: this.login.trim(),
      printed_name: this.printedName.trim(),
      identity_verified: this.identity.trim(),
      password: this.password,
    };
    this.created = this.kind === 'site' ? await act('create_site', file) : await act('create_reviewer', { kind: this.kind, file });
    this.password = '';
    this.step = 3;
  }
}
