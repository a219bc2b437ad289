// Draws the icons of every system from icon.svg: `node icons/make.mjs`. Needs chromium and ImageMagick's convert;
// run only when the drawing changes, the results are committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const chromium = process.env.CHROMIUM ?? 'chromium';
const folder = mkdtempSync(join(tmpdir(), 'icons-'));
const SIZE = 1024;

const page = join(folder, 'icon.html');
const svg = readFileSync(join(here, 'icon.svg'), 'utf8');
writeFileSync(page, `<style>html,body{margin:0}svg{display:block;width:${SIZE}px;height:${SIZE}px}</style>${svg}`);
const large = join(folder, 'large.png');
execFileSync(chromium, [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--default-background-color=00000000'],
  ...[`--user-data-dir=${folder}/profile`, `--window-size=${SIZE},${SIZE}`, `--screenshot=${large}`, `file://${page}`],
]);

/** A PNG with an alpha channel, as Tauri asks for. */
function draw(size, path) {
  execFileSync('convert', [large, '-filter', 'Mitchell', '-resize', `${size}x${size}`, '-strip', '-define', 'png:color-type=6', path]);
  return path;
}

draw(32, join(here, '32x32.png'));
draw(128, join(here, '128x128.png'));
draw(256, join(here, '128x128@2x.png'));
draw(512, join(here, 'icon.png'));
const windows = [16, 24, 32, 48, 64, 256].map((size) => draw(size, join(folder, `${size}.png`)));
execFileSync('convert', [...windows, join(here, 'icon.ico')]);

// icns: the word "icns", the length of the file, then per picture its type, its length and the PNG.
const apple = { icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 };
const pictures = Object.entries(apple).map(([type, size]) => {
  const png = readFileSync(draw(size, join(folder, `${type}.png`)));
  return Buffer.concat([Buffer.from(type), length(png.length + 8), png]);
});
const total = pictures.reduce((sum, picture) => sum + picture.length, 8);
writeFileSync(join(here, 'icon.icns'), Buffer.concat([Buffer.from('icns'), length(total), ...pictures]));
rmSync(folder, { recursive: true, force: true });

function length(bytes) {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(bytes);
  return word;
}
