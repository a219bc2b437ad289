export { default as SignatureBlock } from './SignatureBlock.svelte';
export { default as StateBadge } from './StateBadge.svelte';
export { default as VerdictBadge } from './VerdictBadge.svelte';
export { default as SignPanel } from './SignPanel.svelte';
export { default as KeyWords } from './KeyWords.svelte';
export { changeWords } from './changes';
export { verdictOf } from './verdict';
