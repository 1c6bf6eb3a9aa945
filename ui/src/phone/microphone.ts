/** The microphone stays open for the whole shift: answering takes no time and the page is never put to sleep. */
import { setPhone, type MicrophoneState } from "@/phone/state";

const DEVICE_KEY = "otklik.microphone";
/** Set to "1" by tests: voice processing would swallow their steady tones. */
const RAW_KEY = "otklik.audio.raw";

let stream: MediaStream | null = null;
let analyser: AnalyserNode | null = null;
let source: MediaStreamAudioSourceNode | null = null;

/** The chosen device, with the voice processing that suits it. */
export function constraints(): MediaTrackConstraints {
  const device = localStorage.getItem(DEVICE_KEY);
  const processed = localStorage.getItem(RAW_KEY) !== "1";
  return {
    echoCancellation: processed,
    noiseSuppression: processed,
    autoGainControl: processed,
    ...(device ? { deviceId: { ideal: device } } : {}),
  };
}

function fault(error: unknown): MicrophoneState {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "refused";
}

export const microphoneStream = (): MediaStream | null => stream;

export function microphoneDevice(): string | null {
  return stream?.getAudioTracks()[0]?.getSettings().deviceId ?? localStorage.getItem(DEVICE_KEY);
}

/** Opens, or opens anew with the chosen device. The state tells how it went; never throws. */
export async function openMicrophone(context: AudioContext): Promise<MediaStream | null> {
  // Outside https and localhost browsers hide the devices altogether.
  if (!("mediaDevices" in navigator)) {
    setPhone({ microphone: "insecure" });
    return null;
  }
  setPhone({ microphone: "asking" });
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ audio: constraints() });
    closeMicrophone();
    stream = opened;
    opened.getAudioTracks()[0]?.addEventListener("ended", () => setPhone({ microphone: "lost" }));
    analyser = context.createAnalyser();
    analyser.fftSize = 512;
    source = context.createMediaStreamSource(opened);
    source.connect(analyser);
    setPhone({ microphone: "on" });
    return opened;
  } catch (error) {
    setPhone({ microphone: fault(error) });
    return null;
  }
}

export function closeMicrophone(): void {
  source?.disconnect();
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = analyser = source = null;
  setPhone({ microphone: "off" });
}

export function rememberMicrophone(device: string): void {
  localStorage.setItem(DEVICE_KEY, device);
}

export function silence(muted: boolean): void {
  for (const track of stream?.getAudioTracks() ?? []) track.enabled = !muted;
}

const samples = new Float32Array(512);

/** How loud it is now, 0 to 1, on a scale that follows the ear. */
export function loudness(): number {
  if (!analyser) return 0;
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  const decibels = 10 * Math.log10(power + 1e-10);
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}
