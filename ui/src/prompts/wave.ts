/** Sound files on their way to the server: what it reads by itself, and what only the browser can unpack. */

const READ_THERE = /\.(wav|flac|ogg|oga|opus|mp3|aiff?)$/i;

/** As it is to be sent. What nobody can read goes as it came: the server says in words what is wrong with it. */
export async function readable(file: File): Promise<Blob> {
  if (READ_THERE.test(file.name)) return file;
  try {
    return await unpacked(file);
  } catch {
    return file;
  }
}

/** A file of one channel, out of whatever the browser can play. */
export async function unpacked(file: Blob): Promise<Blob> {
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
