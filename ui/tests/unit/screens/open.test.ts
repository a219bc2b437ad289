import { fireEvent, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { PASSWORD, refuse } from '../../mock/desk';
import { openApp, until } from '../app';

async function logIn(password: string): Promise<void> {
  await fireEvent.click(await screen.findByTestId('person-li'));
  await fireEvent.input(screen.getByTestId('password'), { target: { value: password } });
  await fireEvent.submit(screen.getByTestId('unlock').closest('form') as HTMLFormElement);
}

test('a wrong password is said where it happened, the field is blank, and the wait is counted', async () => {
  openApp(null);
  await logIn('not the one');
  expect(await screen.findByTestId('login-problem')).toHaveTextContent('do not fit');
  expect(screen.getByTestId('password')).toHaveValue('');
  expect(await screen.findByTestId('wait')).toHaveTextContent(/Next try in \d s/);
  expect(screen.getByTestId('unlock')).toBeDisabled();
  // Whoever forgot it is told that nobody resets it.
  expect(screen.getByTestId('login-forgotten')).toHaveTextContent('adds you anew under another log-in name');
});

test('a long wait is told in minutes', async () => {
  openApp(null, '', (desk) => (desk.wait = 840));
  await fireEvent.click(await screen.findByTestId('person-li'));
  expect(await screen.findByTestId('wait')).toHaveTextContent(/Next try in (14 min 0|13 min 59) s/);
});

test('the right password opens Today, and the lock comes back to the log-in', async () => {
  const desk = openApp(null);
  await logIn(PASSWORD);
  await screen.findByTestId('screen-today');
  await fireEvent.click(screen.getByTestId('lock'));
  await screen.findByTestId('screen-open');
  expect(desk.calls.some(([name]) => name === 'lock')).toBe(true);
});

test('the practice password is shown for a synthetic file only', async () => {
  const desk = openApp(null);
  expect(await screen.findByTestId('practice-password')).toHaveTextContent(PASSWORD);
  expect(screen.getByTestId('synthetic')).toBeInTheDocument();
  const real = desk.status();
  if (real.file !== null) Object.assign(real.file, { synthetic: false, practice_password: null });
  desk.status = () => real;
  await fireEvent.click(screen.getByTestId('open-other'));
  await until(() => screen.queryByTestId('practice-password') === null);
  expect(screen.queryByTestId('synthetic')).toBeNull();
});

test('a file that can only be read says why', async () => {
  openApp('auditor', '', (desk) => (desk.readOnly = 'older'));
  expect(await screen.findByTestId('read-only')).toHaveTextContent('newer state');
});

test('the language switches in place and nothing typed is lost', async () => {
  openApp(null);
  await fireEvent.click(await screen.findByTestId('person-li'));
  await fireEvent.input(screen.getByTestId('password'), { target: { value: 'half typed' } });
  await fireEvent.click(screen.getByTestId('language'));
  await until(() => screen.getByTestId('unlock').textContent?.includes('登录') ?? false);
  expect(screen.getByTestId('password')).toHaveValue('half typed');
  expect(document.documentElement.lang).toBe('zh-Hans');
});

test('the declaration comes before everything else', async () => {
  const desk = openApp('nurse', '', (made) => (made.declared = false));
  expect(await screen.findByTestId('declaration-text')).toHaveTextContent('My signature is binding.');
  await fireEvent.input(screen.getByTestId('declaration-password'), { target: { value: PASSWORD } });
  await fireEvent.submit(screen.getByTestId('accept-declaration').closest('form') as HTMLFormElement);
  await screen.findByTestId('screen-today');
  expect(desk.calls.find(([name]) => name === 'accept_declaration')?.[1]).toMatchObject({ text: 'My signature is binding.' });
});

test('the recovery code is shown once and has to be typed back', async () => {
  openApp(null, '', (desk) => (desk.opened = false));
  await fireEvent.click(await screen.findByTestId('create-site'));
  const fill = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
  await fill('field-site', '012');
  await fill('field-site-name', 'Harbour');
  await fireEvent.click(screen.getByTestId('next-step'));
  await fill('field-login', 'zhao');
  await fill('field-printed-name', 'Zhao Min');
  await fill('field-identity', 'known');
  await fireEvent.click(screen.getByTestId('next-step'));
  await fill('field-password', 'fourteen chars');
  await fill('field-password-again', 'fourteen chars');
  expect(screen.getByTestId('create-file')).toBeDisabled();
  await fill('field-password', 'fifteen chars ok');
  await fill('field-password-again', 'fifteen chars ok');
  await fireEvent.click(screen.getByTestId('create-file'));
  expect(await screen.findByTestId('recovery-code')).toHaveTextContent('K7Q2');
  await fireEvent.click(screen.getByTestId('next-step'));
  expect(screen.queryByTestId('recovery-code')).toBeNull();
  await fill('field-recovery-typed', 'wrong');
  await fireEvent.click(screen.getByTestId('confirm-recovery'));
  await screen.findByTestId('recovery-problem');
  await fill('field-recovery-typed', 'K7Q2');
  await fireEvent.click(screen.getByTestId('confirm-recovery'));
  await screen.findByTestId('screen-today');
});

test('what was refused at the end of creating a file is shown where it was typed', async () => {
  openApp(null, '', (desk) => {
    desk.opened = false;
    const make = desk.answers.create_site;
    desk.answers.create_site = (r) => (r.login === 'Zhao' ? refuse('login_form', [['login', r.login]]) : (make?.(r) ?? refuse('no_such_command')));
  });
  await fireEvent.click(await screen.findByTestId('create-site'));
  const fill = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
  const next = () => fireEvent.click(screen.getByTestId('next-step'));
  await fill('field-site', '012');
  await fill('field-site-name', 'Harbour');
  await next();
  await fill('field-login', 'Zhao');
  await fill('field-printed-name', 'Zhao Min');
  await fill('field-identity', 'known');
  await next();
  await fill('field-password', 'fifteen chars ok');
  await fill('field-password-again', 'fifteen chars ok');
  await fireEvent.click(screen.getByTestId('create-file'));
  expect(await screen.findByTestId('field-login')).toHaveValue('Zhao');
  expect(screen.getByTestId('create-problem')).toHaveTextContent('“Zhao” cannot be a log-in name');
  await fill('field-login', 'zhao');
  await next();
  expect(screen.queryByTestId('create-problem')).toBeNull();
  await fill('field-password-again', 'fifteen chars ok');
  await fireEvent.click(screen.getByTestId('create-file'));
  await screen.findByTestId('recovery-code');
});
