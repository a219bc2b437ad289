import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/noto-sans-sc/wght.css';
import './styles/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { painted } from './core';

const target = document.getElementById('app');
if (target !== null) mount(App, { target });

// Two frames later the first picture is on the glass.
requestAnimationFrame(() =>
  requestAnimationFrame(() => {
    painted(Math.round(performance.now())).catch(() => undefined);
  }),
);
