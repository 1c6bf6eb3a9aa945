/** Recording at the microphone that was chosen for calls. */

import { constraints } from "@/phone/microphone";
import { unpacked } from "@/prompts/wave";

export interface Recorder {
  /** How loud it is now, 0 to 1. */
  loudness: () => number;
  stop: () => Promise<Blob>;
  drop: () => void;
}

/** Asks for the microphone. Throws a `DOMException` where there is none, or where it was refused. */
export async function record(): Promise<Recorder> {
  if (!("mediaDevices" in navigator)) throw new DOMException("insecure", "SecurityError");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints() });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const pieces: Blob[] = [];
  const recorder = new MediaRecorder(stream);
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const ended = new Promise<void>((done) => (recorder.onstop = () => done()));
  recorder.start();
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== "closed") void context.close();
  };
  return {
    loudness: () => {
      analyser.getFloatTimeDomainData(samples);
      return Math.min(1, Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length) * 4);
    },
    stop: async () => {
      if (recorder.state !== "inactive") recorder.stop();
      await ended;
      close();
      return unpacked(new Blob(pieces, { type: recorder.mimeType }));
    },
    drop: () => {
      if (recorder.state !== "inactive") recorder.stop();
      close();
    },
  };
}
