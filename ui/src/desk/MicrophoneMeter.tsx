import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";

import { loudness } from "@/phone/microphone";

/** How loud the microphone hears you, live. Drawn past React: sixty times a second. */
export function MicrophoneMeter({ slim = false }: { slim?: boolean }) {
  const { t } = useLingui();
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const draw = () => {
      shown = Math.max(loudness(), shown * 0.88);
      if (bar.current) bar.current.style.scale = `${shown.toFixed(3)} 1`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <span className={`meter ${slim ? "slim" : ""}`} role="img" aria-label={t`Microphone level`}>
      <span ref={bar} />
    </span>
  );
}
