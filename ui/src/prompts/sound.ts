/** Sound on its way to the server: recorded here, or a file in a form that only the browser knows. */

import { constraints } from "@/phone/microphone";

/** What the server reads by itself; anything else is unpacked here first. */
const READ_THERE = /\.(wav|flac|ogg|oga|opus|mp3|aiff?)$/i;

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

/** As it is to be sent. What nobody can read goes as it came: the server says in words what is wrong with it. */
export async function readable(file: File): Promise<Blob> {
  if (READ_THERE.test(file.name)) return file;
  try {
    return await unpacked(file);
  } catch {
    return file;
  }
}

async function unpacked(file: Blob): Promise<Blob> {
  const context = new OfflineAudioContext(1, 1, 48_000);
  return wav(await context.decodeAudioData(await file.arrayBuffer()));
}

/** One channel of 16 bits. */
export function wav(sound: Pick<AudioBuffer, "length" | "sampleRate" | "numberOfChannels" | "getChannelData">): Blob {
  const bytes = new DataView(new ArrayBuffer(44 + sound.length * 2));
  const word = (at: number, text: string) => new TextEncoder().encode(text).forEach((byte, number) => bytes.setUint8(at + number, byte));
  word(0, "RIFF");
  bytes.setUint32(4, 36 + sound.length * 2, true);
  word(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, sound.sampleRate, true);
  bytes.setUint32(28, sound.sampleRate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  word(36, "data");
  bytes.setUint32(40, sound.length * 2, true);
  const channels = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel));
  for (let at = 0; at < sound.length; at += 1) {
    const mixed = channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length;
    bytes.setInt16(44 + at * 2, Math.round(Math.max(-1, Math.min(1, mixed)) * 32_767), true);
  }
  return new Blob([bytes], { type: "audio/wav" });
}
