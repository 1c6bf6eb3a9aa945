/** Sounds made on the spot by Web Audio (no files, no licences), and the customer's voice. */
import { setPhone } from "@/phone/state";

const SPEAKER_KEY = "otklik.speaker";
const VOLUME_KEY = "otklik.ring.volume";

interface Tone {
  /** Hertz, sounded together. */
  pitch: readonly number[];
  from: number;
  seconds: number;
}
type Pattern = { seconds: number; tones: readonly Tone[] };

const RING: Pattern = {
  seconds: 2.8,
  tones: [
    { pitch: [587.33, 880], from: 0, seconds: 0.34 },
    { pitch: [659.25, 987.77], from: 0.2, seconds: 0.34 },
    { pitch: [783.99, 1174.66], from: 0.4, seconds: 0.6 },
    { pitch: [587.33, 880], from: 1.05, seconds: 0.34 },
    { pitch: [659.25, 987.77], from: 1.25, seconds: 0.34 },
    { pitch: [783.99, 1174.66], from: 1.45, seconds: 0.7 },
  ],
};
const ENDED: Pattern = { seconds: 0.5, tones: [{ pitch: [392], from: 0, seconds: 0.16 }, { pitch: [293.66], from: 0.17, seconds: 0.26 }] };
/** The recording goes on by itself: not to be taken for a ring or an end. */
const AGAIN: Pattern = { seconds: 0.6, tones: [{ pitch: [880], from: 0, seconds: 0.14 }, { pitch: [880], from: 0.2, seconds: 0.14 }, { pitch: [1174.66], from: 0.4, seconds: 0.2 }] };

let context: AudioContext | null = null;
let ringing: { source: AudioBufferSourceNode; gain: GainNode } | null = null;
const rendered = new Map<Pattern, AudioBuffer>();

export function audio(): AudioContext {
  if (!context) {
    context = new AudioContext();
    context.onstatechange = () => setPhone({ sound: context?.state === "running" ? "on" : "locked" });
    void applySpeaker();
  }
  return context;
}

/** Must first be called inside a click or a key press: browsers keep pages silent until then. */
export async function unlockSound(): Promise<void> {
  // resume() stays pending for ever while the browser has seen no gesture.
  await Promise.race([audio().resume(), new Promise((done) => setTimeout(done, 300))]);
  setPhone({ sound: audio().state === "running" ? "on" : "locked" });
}

function render(pattern: Pattern): AudioBuffer {
  const known = rendered.get(pattern);
  if (known) return known;
  const rate = audio().sampleRate;
  const buffer = audio().createBuffer(1, Math.ceil(pattern.seconds * rate), rate);
  const samples = buffer.getChannelData(0);
  for (const tone of pattern.tones) {
    const first = Math.floor(tone.from * rate);
    const count = Math.min(Math.floor(tone.seconds * rate), samples.length - first);
    for (let i = 0; i < count; i += 1) {
      const t = i / rate;
      const envelope = Math.min(1, t / 0.012) * Math.exp((-4.2 * t) / tone.seconds);
      const wave = tone.pitch.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * t) + 0.25 * Math.sin(4 * Math.PI * hz * t), 0);
      samples[first + i] = (samples[first + i] ?? 0) + (wave * envelope * 0.32) / tone.pitch.length;
    }
  }
  rendered.set(pattern, buffer);
  return buffer;
}

function play(pattern: Pattern, loop: boolean): { source: AudioBufferSourceNode; gain: GainNode } {
  const source = audio().createBufferSource();
  const gain = audio().createGain();
  source.buffer = render(pattern);
  // Looped by the audio thread, not by a timer: timers sleep in background tabs, and then nobody hears the ring.
  source.loop = loop;
  gain.gain.value = ringVolume();
  source.connect(gain).connect(audio().destination);
  source.start();
  return { source, gain };
}

export function startRinging(): void {
  ringing ??= play(RING, true);
}

export function stopRinging(): void {
  ringing?.source.stop();
  ringing = null;
}

export const playRingOnce = (): void => void play(RING, false);
export const playRecordingAgain = (): void => void play(AGAIN, false);
export const playEnded = (): void => void play(ENDED, false);

export const ringVolume = (): number => Number(localStorage.getItem(VOLUME_KEY) ?? "0.8");

export function setRingVolume(volume: number): void {
  localStorage.setItem(VOLUME_KEY, String(volume));
  if (ringing) ringing.gain.gain.value = volume;
}

export const speakerDevice = (): string | null => localStorage.getItem(SPEAKER_KEY);

const voice = new Audio();
voice.autoplay = true;

type WithSink = { setSinkId?: (device: string) => Promise<void> };

async function applySpeaker(): Promise<void> {
  const device = speakerDevice();
  if (!device) return;
  for (const output of [voice, audio()] as WithSink[]) {
    // A device that is gone falls back to the system's own.
    await output.setSinkId?.(device).catch(() => localStorage.removeItem(SPEAKER_KEY));
  }
}

export async function chooseSpeaker(device: string): Promise<void> {
  localStorage.setItem(SPEAKER_KEY, device);
  await applySpeaker();
}

export function hear(stream: MediaStream | null): void {
  voice.srcObject = stream;
  // The autoplay rule may refuse before the first gesture; the next one starts it (see unlockSound's callers).
  if (stream) void voice.play().catch(() => setPhone({ sound: "locked" }));
}

export const heard = (): MediaStream | null => voice.srcObject as MediaStream | null;
