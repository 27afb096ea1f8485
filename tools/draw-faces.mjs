// Draws the portraits of the demonstration people: `node tools/draw-faces.mjs` writes fixtures/demo/faces, the same pictures each time.
// A shape tells a point's distance to its edge in pixels, negative inside; x and y count from the middle of the face, y downwards.
import { mkdir, writeFile } from "node:fs/promises";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";

/** @typedef {(x: number, y: number) => number} Shape */
/** @typedef {[shape: Shape, colour: string, softness?: number]} Layer `#rrggbb` or `#rrggbbaa`; softness is the edge's width in pixels. */

const [width, height] = [360, 450];
const middle = { x: 180, y: 212 };

/** @type {(x: number, y: number, rx: number, ry?: number) => Shape} */
const ellipse =
  (cx, cy, rx, ry = rx) =>
  (x, y) => {
    const [u, v] = [(x - cx) / rx, (y - cy) / ry];
    const length = Math.hypot(u, v);
    return length === 0 ? -Math.min(rx, ry) : (length * (length - 1)) / Math.hypot(u / rx, v / ry);
  };
/** @type {(x: number, y: number, halfWidth: number, halfHeight: number, radius: number) => Shape} */
const box = (cx, cy, halfWidth, halfHeight, radius) => (x, y) => {
  const [u, v] = [Math.abs(x - cx) - halfWidth + radius, Math.abs(y - cy) - halfHeight + radius];
  return Math.hypot(Math.max(u, 0), Math.max(v, 0)) + Math.min(Math.max(u, v), 0) - radius;
};
/** @type {(edge: number) => Shape} */
const above = (edge) => (_x, y) => y - edge;
/** @type {(shape: Shape) => Shape} */
const outside = (shape) => (x, y) => -shape(x, y);
/** @type {(...shapes: Shape[]) => Shape} */
const any = (...shapes) => shapes.reduce((one, other) => (x, y) => Math.min(one(x, y), other(x, y)));
/** @type {(...shapes: Shape[]) => Shape} */
const all = (...shapes) => shapes.reduce((one, other) => (x, y) => Math.max(one(x, y), other(x, y)));
/** @type {(shape: Shape, hole: Shape) => Shape} */
const cut = (shape, hole) => all(shape, outside(hole));
/** @type {(shape: Shape, thickness: number) => Shape} */
const outline = (shape, thickness) => (x, y) => Math.abs(shape(x, y)) - thickness / 2;
/** The right half on both sides. @type {(shape: Shape) => Shape} */
const pair = (shape) => (x, y) => shape(Math.abs(x), y);
/** What two overlapping ellipses beside each other share: an arch with a point on top. @type {(x: number, y: number, rx: number, ry: number) => Shape} */
const arch = (x, y, rx, ry) => all(ellipse(-x, y, rx, ry), ellipse(x, y, rx, ry));
/** Clockwise about a point. @type {(degrees: number, x: number, y: number, shape: Shape) => Shape} */
const turn = (degrees, cx, cy, shape) => {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return (x, y) => shape(cx + (x - cx) * cos + (y - cy) * sin, cy - (x - cx) * sin + (y - cy) * cos);
};
/** Discs along an ellipse, between two angles. @type {(around: [x: number, y: number, rx: number, ry: number], radius: number, from: number, to: number, count: number) => Shape} */
const beads = ([x, y, rx, ry], radius, from, to, count) => {
  const angles = Array.from({ length: count }, (_, i) => ((from + ((to - from) * i) / (count - 1)) * Math.PI) / 180);
  return any(...angles.map((angle) => ellipse(x + rx * Math.cos(angle), y + ry * Math.sin(angle), radius)));
};

const face = any(ellipse(0, -6, 86, 94), ellipse(0, 30, 74, 72));
const neck = box(0, 108, 32, 74, 28);
const shoulders = box(0, 262, 146, 124, 84);
const neckline = ellipse(0, 136, 48, 44);
const skull = ellipse(0, -16, 97, 104);
const nape = all(skull, above(26));
const centreParting = arch(46, 40, 122, 116);
const sideParting = any(all(ellipse(-60, 44, 134, 112), ellipse(56, 44, 118, 124)), ellipse(-46, 20, 36, 60));
const curtains = any(skull, box(0, 60, 103, 128, 60));

/** Behind the shoulders and, but for the bald, before the face. @satisfies {Record<string, [back: Shape, front?: Shape]>} */
const hair = {
  parted: [nape, all(cut(skull, sideParting), above(6))],
  cropped: [nape, all(cut(ellipse(0, -14, 93, 98), box(0, 50, 77, 102, 42)), above(-4))],
  quiff: [nape, any(all(cut(skull, box(0, 50, 77, 106, 44)), above(2)), turn(-10, 8, -98, ellipse(8, -98, 74, 32)))],
  swept: [
    nape,
    all(
      cut(ellipse(0, -25, 103, 110), (x, y) => sideParting(-x, y)),
      above(14),
    ),
  ],
  fringe: [box(0, 8, 108, 112, 84), cut(any(skull, box(0, 14, 106, 98, 50)), box(0, 84, 77, 118, 34))],
  long: [box(0, 70, 106, 190, 100), cut(curtains, any(centreParting, box(0, 130, 62, 110, 40)))],
  wavy: [
    any(skull, pair(beads([66, 60, 30, 96], 34, -80, 80, 7))),
    all(any(cut(skull, sideParting), pair(beads([86, 40, 14, 70], 17, -90, 80, 6))), above(130)),
  ],
  bun: [any(nape, ellipse(0, -128, 46, 42)), all(cut(skull, centreParting), above(20))],
  lowBuns: [any(nape, pair(ellipse(100, 40, 33, 37))), all(cut(skull, centreParting), above(30))],
  cloud: [ellipse(0, -40, 140, 128), all(cut(skull, ellipse(0, 34, 78, 92)), above(4))],
  curly: [
    beads([0, -26, 88, 84], 30, 160, 380, 12),
    all(any(cut(skull, ellipse(0, 34, 78, 88)), beads([0, 14, 78, 80], 18, 196, 344, 8)), above(16)),
  ],
  bald: [all(ellipse(0, -8, 104, 90), ellipse(0, -4, 120, 58))],
};

/** What is worn, from the colour of the cloth. @satisfies {Record<string, (colour: string) => Layer[]>} */
const clothes = {
  round: (colour) => [
    [cut(shoulders, neckline), colour],
    [all(shoulders, outline(neckline, 9)), "#00000026"],
  ],
  vneck: (colour) => [
    [cut(shoulders, arch(44, 120, 84, 96)), colour],
    [all(shoulders, outline(arch(44, 120, 84, 96), 8)), "#ffffff50"],
  ],
  striped: (colour) => [
    [cut(shoulders, neckline), "#f7f3ea"],
    [all(cut(shoulders, neckline), (_x, y) => Math.abs(((y + 2) % 26) - 13) - 6), colour],
    [all(shoulders, outline(neckline, 9)), colour],
  ],
  rollneck: (colour) => [
    [any(shoulders, box(0, 138, 46, 30, 16)), colour],
    [any(box(0, 140, 40, 2.5, 2), cut(ellipse(0, 150, 56, 30), ellipse(0, 138, 60, 32))), "#00000024"],
  ],
  shirt: (colour) => [
    [cut(shoulders, ellipse(0, 128, 40, 46)), colour],
    [box(0, 222, 2, 50, 1), "#00000026"],
    [pair(turn(38, 30, 160, box(30, 160, 15, 34, 7))), "#ffffff"],
  ],
  suit: (colour) => [
    [cut(shoulders, ellipse(0, 128, 40, 46)), "#fbfaf6"],
    [cut(shoulders, arch(70, 130, 116, 136)), colour],
    [pair(turn(38, 28, 160, box(28, 160, 13, 32, 6))), "#ffffff"],
    [pair(turn(38, 28, 160, outline(box(28, 160, 13, 32, 6), 2))), "#00000018"],
  ],
  hood: (colour) => [
    [cut(any(shoulders, ellipse(0, 150, 88, 44)), ellipse(0, 130, 33, 46)), colour],
    [all(shoulders, outline(ellipse(0, 150, 88, 44), 4)), "#00000030"],
    [pair(box(26, 214, 3, 28, 3)), "#f4f1e8"],
  ],
  dungarees: (colour) => [
    [cut(shoulders, neckline), "#f3c53c"],
    [all(shoulders, any(box(0, 262, 66, 62, 10), pair(turn(12, 72, 190, box(72, 190, 12, 54, 4))))), colour],
    [pair(ellipse(56, 214, 7)), "#f6e9b8"],
  ],
};

/** @type {(lens: Shape, colour: string, wing?: Shape) => Layer[]} */
const glasses = (lens, colour, wing = lens) => {
  const frame = any(outline(lens, 5), cut(any(wing, box(72, -2, 12, 2.5, 2), box(0, 2, 14, 3, 2)), lens));
  return [
    [pair(lens), "#ffffff14"],
    [pair(frame), colour],
  ];
};

/** What somebody has besides, from the colour of their hair. @satisfies {Record<string, (colour: string) => Layer[]>} */
const extras = {
  round: () => glasses(ellipse(36, 6, 28), "#3a3340"),
  square: () => glasses(box(37, 7, 29, 23, 9), "#22252b"),
  winged: () => glasses(ellipse(36, 7, 28, 22), "#8c2f4b", turn(-30, 58, -6, ellipse(58, -6, 16, 7))),
  freckles: () => [
    [pair(any(ellipse(42, 36, 2.2), ellipse(53, 32, 2.2), ellipse(50, 43, 2.2), ellipse(62, 39, 2.2))), "#a8552d80"],
  ],
  earrings: () => [[pair(ellipse(88, 40, 7)), "#f2c14e"]],
  pearls: () => [[beads([0, 132, 50, 46], 7, 8, 172, 11), "#fdf8ee"]],
  beard: (colour) => [
    [
      cut(
        any(all(face, outside(above(20))), ellipse(0, 80, 62, 38)),
        any(ellipse(0, 8, 72, 46), ellipse(0, 60, 30, 17)),
      ),
      colour,
    ],
    [pair(turn(12, 17, 45, ellipse(17, 45, 22, 8))), colour],
  ],
  stubble: (colour) => [[cut(all(face, outside(above(16))), ellipse(0, 8, 72, 42)), `${colour}48`, 10]],
  band: () => [[all(outline(ellipse(0, 10, 92, 100), 14), above(-30)), "#e4572e"]],
  tie: () => [[any(box(0, 180, 12, 11, 6), box(0, 226, 14, 40, 6)), "#b23a48"]],
};

/** @satisfies {Record<string, Layer[]>} */
const mouths = {
  smile: [[cut(ellipse(0, 52, 27, 20), ellipse(0, 44, 34, 20)), "#9c3f46"]],
  grin: [
    [cut(ellipse(0, 52, 29, 23), above(52)), "#7a2833"],
    [cut(ellipse(0, 52, 25, 19), any(above(52), outside(above(60)))), "#ffffff"],
  ],
  calm: [[cut(ellipse(0, 57, 20, 10), ellipse(0, 50, 30, 11)), "#9c3f46"]],
};

/** @typedef {[skin: string, hair: keyof typeof hair, hairColour: string, eyes: string, mouth: keyof typeof mouths,
 *    wears: keyof typeof clothes, cloth: string, background: string, ...extras: (keyof typeof extras)[]]} Look */
/** @type {Record<string, Look>} */
const people = {
  ada: ["#f6d3b8", "lowBuns", "#4a2c20", "#4f7a5a", "smile", "vneck", "#6d4c9f", "#eec27f", "earrings"],
  grace: ["#f3cdb0", "curly", "#a9adb5", "#4a6f95", "smile", "suit", "#24385e", "#8fb9d4", "winged"],
  alan: ["#f4cfb2", "parted", "#5b3a26", "#5a7488", "calm", "suit", "#5f6f4c", "#a9c48a", "tie"],
  katherine: ["#8d5b3f", "curly", "#231815", "#3b2417", "grin", "round", "#ef6f5e", "#f3b49b", "pearls", "earrings"],
  edsger: ["#f5d2ba", "bald", "#9c9a96", "#4f6d8a", "calm", "rollneck", "#39424e", "#a6afc6", "beard", "round"],
  barbara: ["#ecbf98", "fringe", "#8e3b22", "#4d6b3c", "smile", "shirt", "#2a8c8a", "#8ccfc0"],
  radia: ["#f8d8c0", "long", "#e2b65c", "#3f7fa6", "grin", "striped", "#d9622b", "#b3a3dd", "freckles"],
  donald: ["#f3c9ab", "quiff", "#f1eee6", "#52708a", "grin", "shirt", "#b8323c", "#8dbb94", "square"],
  margaret: ["#d9a178", "wavy", "#5d3420", "#5a3d22", "smile", "round", "#e0a92f", "#9aaee6", "round"],
  dennis: ["#c98d62", "swept", "#33211a", "#3d2919", "smile", "striped", "#2f6690", "#e9cb62", "beard"],
  frances: ["#b97a50", "bun", "#1f1a1c", "#3a261a", "smile", "rollneck", "#c2477f", "#83c3cf", "earrings"],
  linus: ["#f7d5bd", "cropped", "#c98a3c", "#4f86a8", "grin", "hood", "#4a5fa8", "#e9a0a4", "stubble", "freckles"],
  lynn: ["#6f4530", "cloud", "#1c1413", "#2c1a12", "grin", "dungarees", "#3c6ea5", "#a5d476", "band"],
};

/** From the back to the front. @type {(look: Look) => Layer[]} */
function portrait([skin, style, hairColour, eyes, mouth, wears, cloth, background, ...worn]) {
  /** @type {[back: Shape, front?: Shape]} */
  const [back, front] = hair[style];
  const brows = pair(turn(6, 37, -18, cut(ellipse(37, -18, 22, 11), ellipse(37, -11, 25, 12))));
  const shine = all(outline(ellipse(8, 20, 92, 112), 9), above(-50), (x) => x - 6);
  return [
    [above(height), background],
    [above(height / 2 - middle.y), "#ffffffb0", height],
    [ellipse(0, 0, 168), "#ffffff38"],
    [back, hairColour],
    [front === undefined ? outside(above(height)) : back, "#0000002e"],
    [any(neck, all(shoulders, ellipse(0, 150, 60, 64))), skin],
    [all(neck, ellipse(0, 40, 80, 76)), "#5a1e0030", 6],
    ...clothes[wears](cloth),
    [pair(ellipse(86, 12, 14, 20)), skin],
    [pair(ellipse(87, 13, 7, 12)), "#5a1e0028"],
    [face, skin],
    [pair(ellipse(50, 38, 18, 12)), "#ff5a4a30", 22],
    [pair(ellipse(36, 7, 15, 15)), "#ffffff"],
    [pair(ellipse(35.5, 8, 11.5, 12)), eyes],
    [pair(ellipse(35.5, 8, 6.5)), "#1b1416"],
    [any(ellipse(39.5, 4, 3.4), ellipse(-31.5, 4, 3.4)), "#ffffff"],
    [pair(cut(ellipse(36, 6, 18, 17.5), ellipse(36, 13, 20, 18.5))), "#3a2420"],
    [brows, hairColour],
    [brows, "#2a140860"],
    [cut(ellipse(0, 26, 12, 11), ellipse(0, 20, 16, 12)), "#7a2e1466"],
    ...(front === undefined
      ? []
      : /** @type {Layer[]} */ ([
          [front, hairColour],
          [all(front, shine), "#ffffff30", 4],
        ])),
    ...worn.flatMap((extra) => extras[extra](hairColour)),
    ...mouths[mouth],
  ];
}

/** @type {(hex: string) => [red: number, green: number, blue: number, opacity: number]} */
function channels(hex) {
  const [red = 0, green = 0, blue = 0, alpha = 255] = Buffer.from(hex.slice(1), "hex");
  return [red, green, blue, alpha / 255];
}

/** Rows of RGBA pixels; an edge is smooth because a pixel takes as much of a colour as the shape covers of it. @type {(layers: Layer[]) => Buffer} */
function paint(layers) {
  const pixels = Buffer.alloc(width * height * 4, 255);
  for (const [shape, colour, softness = 1] of layers) {
    const [red, green, blue, opacity] = channels(colour);
    for (let at = 0; at < width * height; at++) {
      const distance = shape((at % width) + 0.5 - middle.x, Math.floor(at / width) + 0.5 - middle.y);
      const cover = opacity * Math.min(1, Math.max(0, 0.5 - distance / softness));
      if (cover === 0) continue;
      for (const [channel, value] of [red, green, blue].entries())
        pixels[at * 4 + channel] = Math.round(value * cover + (pixels[at * 4 + channel] ?? 0) * (1 - cover));
    }
  }
  return pixels;
}

// Two are PNG, to show that a portrait needn't be JPEG.
const asPng = new Set(["barbara", "dennis"]);
const folder = new URL("../fixtures/demo/faces/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, look] of Object.entries(people)) {
  const data = paint(portrait(look));
  const [type, file] = asPng.has(name)
    ? ["png", PNG.sync.write(Object.assign(new PNG({ width, height }), { data }))]
    : ["jpg", jpeg.encode({ data, width, height }, 85).data];
  await writeFile(new URL(`${name}.${type}`, folder), file);
}
