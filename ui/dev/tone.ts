/** A stereo WAV, 8 kHz, 16 bit: the customer's tone on the left, the agent's on the right. */
export function tone(seconds: number): Buffer {
  const rate = 8000;
  const samples = Math.floor(seconds * rate);
  const wav = Buffer.alloc(44 + samples * 4);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 4, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 4, 28);
  wav.writeUInt16LE(4, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 4, 40);
  for (let i = 0; i < samples; i += 1) {
    wav.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + i * 4);
    wav.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * 660 * i) / rate)), 46 + i * 4);
  }
  return wav;
}
