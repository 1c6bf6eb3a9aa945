"""Speech to text: Whisper in processes of our own, or a server. What they make of a sound never decides anything by itself."""
