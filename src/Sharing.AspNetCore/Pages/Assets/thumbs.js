// Pictures in lists: a blurred placeholder until the preview is loaded (thumbhash, https://evanw.github.io/thumbhash/), and where the server has none yet one of this browser's own.
const Most = 20_000_000, Side = 256, Rest = 3000, Tries = 40;

for (const image of document.querySelectorAll("img[data-hash]")) {
  if (image.complete && image.naturalWidth > 0) continue;
  const placeholder = paint(image.dataset.hash);
  if (!placeholder) continue;
  image.before(placeholder);
  image.addEventListener("load", () => placeholder.remove(), { once: true });
}

const seen = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    show(target);
  }
}, { rootMargin: "200px" });
for (const pending of document.querySelectorAll("[data-pending]")) seen.observe(pending);

async function show(pending) {
  if (Number(pending.dataset.length) <= Most) own(pending);
  for (let left = Tries; left > 0; left--) {
    await new Promise(done => setTimeout(done, Rest));
    try {
      const response = await fetch(pending.dataset.pending);
      if (!response.ok) continue;
      const image = new Image();
      image.alt = pending.dataset.name;
      image.src = pending.dataset.pending;
      await image.decode();
      pending.replaceChildren(image);
      return;
    } catch { } // offline, or no picture after all
  }
}

// What is shown is this browser's, and goes nowhere.
async function own(pending) {
  try {
    const response = await fetch(pending.dataset.original);
    if (!response.ok) return;
    pending.replaceChildren(await thumbnail(await response.blob()));
  } catch { } // this browser cannot decode it
}

export async function thumbnail(blob) {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, Side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  canvas.className = "own";
  return canvas;
}

// The first bytes say the mean of each channel and how far its terms go; half a byte for each term follows.
function paint(text) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  if (bytes.length < 6) return null;
  const [first, second] = [bytes[0] | bytes[1] << 8 | bytes[2] << 16, bytes[3] | bytes[4] << 8];
  const [hasAlpha, isWide] = [first >> 23 & 1, second >> 15 & 1];
  const [longer, shorter] = [hasAlpha ? 5 : 7, second & 7];
  let at = hasAlpha ? 12 : 10; // in half bytes
  const channel = (mean, scale, across, down) => {
    const terms = [];
    for (let y = 0; y < down; y++) {
      for (let x = y > 0 ? 0 : 1; x * down < across * (down - y); x++, at++) {
        terms.push([x, y, 2 * scale * ((bytes[at >> 1] >> ((at & 1) << 2) & 15) / 7.5 - 1)]);
      }
    }
    return (u, v) => terms.reduce((sum, [x, y, term]) => sum + term * Math.cos(Math.PI * x * u) * Math.cos(Math.PI * y * v), mean);
  };
  const light = channel((first & 63) / 63, (first >> 18 & 31) / 31, Math.max(3, isWide ? longer : shorter), Math.max(3, isWide ? shorter : longer));
  const yellow = channel((first >> 6 & 63) / 31.5 - 1, 1.25 * (second >> 3 & 63) / 63, 3, 3);
  const red = channel((first >> 12 & 63) / 31.5 - 1, 1.25 * (second >> 9 & 63) / 63, 3, 3);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = isWide ? [32, Math.round(32 * shorter / longer)] : [Math.round(32 * shorter / longer), 32];
  canvas.className = "placeholder";
  canvas.ariaHidden = "true";
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(canvas.width, canvas.height);
  for (let y = 0, to = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const [u, v] = [(x + 0.5) / canvas.width, (y + 0.5) / canvas.height];
      const [l, p, q] = [light(u, v), yellow(u, v), red(u, v)];
      const blue = l - 2 / 3 * p;
      const r = (3 * l - blue + q) / 2;
      for (const value of [r, r - q, blue, 1]) pixels.data[to++] = 255 * Math.min(1, Math.max(0, value));
    }
  }
  pen.putImageData(pixels, 0, 0);
  return canvas;
}
