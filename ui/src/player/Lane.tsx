import { useEffect, useRef } from "react";

const BAR = 2;
const GAP = 1;

/** The loudest of the levels that fall on each bar. */
function bars(levels: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * levels.length) / count));
    return levels.slice(from, to).reduce((max, level) => Math.max(max, level), 0);
  });
}

function draw(canvas: HTMLCanvasElement, levels: readonly number[]): void {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  if (!pen || width === 0) return;
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(canvas).color;
  bars(levels, Math.floor(width / (BAR + GAP))).forEach((level, index) => {
    const tall = Math.max(1.5, level * (height - 4));
    pen.beginPath();
    pen.roundRect(index * (BAR + GAP), (height - tall) / 2, BAR, tall, 1);
    pen.fill();
  });
}

/** One voice: drawn twice, pale and strong, the strong one uncovered as far as it has been played. */
export function Lane({ levels, who }: { levels: readonly number[]; who: "customer" | "agent" }) {
  const pale = useRef<HTMLCanvasElement>(null);
  const strong = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const redraw = () => [pale.current, strong.current].forEach((canvas) => canvas && draw(canvas, levels));
    const sizes = new ResizeObserver(redraw);
    if (pale.current) sizes.observe(pale.current);
    // Colours are tokens: another theme means another picture.
    const themes = new MutationObserver(redraw);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", redraw);
    return () => {
      sizes.disconnect();
      themes.disconnect();
      system.removeEventListener("change", redraw);
    };
  }, [levels]);
  return (
    <span className={`lane ${who}`} aria-hidden>
      <canvas ref={pale} />
      <canvas ref={strong} className="played" />
    </span>
  );
}
